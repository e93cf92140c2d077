// The stacks of this server: what files declared, and how a changed file takes effect.
//
// One promise: a stack is what its newest accepted file says, or what it was before. A file with
// any problem changes nothing; a step that fails is undone with all before it; a program that is
// killed at any step goes on from there at its next start (run.h).
//
// Everything here blocks: one thread of its own calls, never a loop, and the loops must be running,
// since the operations run there. No listener need be open.
#pragma once

#include "aws/dispatcher.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "stacks/client.h"
#include "stacks/evaluate.h"
#include "stacks/record.h"
#include "sys/loop.h"
#include "sys/runtime.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::stacks {

class Stacks {
 public:
  struct Parts {
    sys::Runtime& runtime;
    catalog::Catalog& catalog;  // opened with stacks_schema()
    const aws::Dispatcher& dispatcher;
    sys::Loop& loop;  // where operations run; all four outlive it
    std::string account;
    std::string region;
  };
  // Reads nothing yet.
  static base::Result<std::unique_ptr<Stacks>> open(Parts parts);
  // For tests: operations go to `client`, which outlives it.
  Stacks(Parts parts, Client* client);

  // Finishes or undoes what a former life left in progress; the sentences are for the person. To be
  // called once, before anything else and before the first client is served. An error: the catalog
  // failed.
  base::Result<std::vector<std::string>> resume();

  struct UpRequest {
    std::string file;   // as the person named it, for messages
    std::string text;   // its content
    std::string stack;  // the stack's name: stack_name_of(file) unless one was given
    // Values as text, by name. What is not here keeps the value of an earlier `up`, or its default.
    std::map<std::string, std::string> parameters = {};
  };
  struct Up {
    // What was made, changed, removed, ignored and kept; empty when the file changed nothing.
    std::vector<std::string> lines;
    std::vector<OutputRecord> outputs;
  };
  // Makes the stack what the file says. When there is an error the stack is what it was before:
  //   Code::invalid      the file has problems: printed, one "FILE:LINE:COLUMN: ..." each, and that
  //                      nothing has been changed
  //   Code::unavailable  a step failed and the run was undone: the same, for the step's resource
  //   Code::conflict     an earlier run could not be brought to its end; says what is in the way
  base::Result<Up> up(const UpRequest& request);

  // All stacks, for a start without a file.
  base::Result<std::vector<Stack>> all();

 private:
  struct Before {
    std::optional<Stack> stack;
    bool busy = false;  // a run of it could not be brought to its end
  };
  base::Result<Up> apply(const UpRequest& request, const Before& before);
  // Problems of names that a template gave and that are taken already.
  std::vector<Problem> taken(const Run& run, const StackPlace& place);
  StackPlace place_of(const std::string& name, const std::string& id) const;
  std::string make_id(const std::string& name);

  Parts parts_;
  std::unique_ptr<Client> own_client_;
  Client& client_;
};

// So much of Stacks::up, with the same words, as needs no data directory: what is wrong with a file
// whatever else is there. Code::invalid.
base::Result<void> check_request(const Stacks::UpRequest& request);

// "clicks" for "path/clicks.yaml", with '-' for what a stack's name may not hold.
std::string stack_name_of(std::string_view file);

}  // namespace hyd::stacks
