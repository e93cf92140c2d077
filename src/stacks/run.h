// Carries out a run: every step is in the catalog before it is begun and marked there when it is
// done, so a program that is killed anywhere goes on from there at its next start.
//
//   recorded -> step 0 .. keep-1 -> the stack is what was wanted -> step keep .. end -> finished
//                  | fault                                             | fault
//                  v                                                   v
//               undone in reverse, forgotten                        left for the next start
//
// A step may be done twice (the program ended between the calls and the mark), so all that a
// resource type does is harmless when repeated. The thread of the stacks; all of it blocks.
#pragma once

#include "base/result.h"
#include "catalog/catalog.h"
#include "stacks/client.h"
#include "stacks/record.h"
#include "stacks/resource.h"
#include "sys/fail_points.h"

#include <optional>
#include <string>
#include <vector>

namespace hyd::stacks {

class Runner {
 public:
  struct Parts {
    catalog::Catalog& catalog;
    Client& client;
    sys::FailPoints& fail_points;  // all three outlive it
    StackPlace place;
  };
  explicit Runner(Parts parts) : parts_(std::move(parts)) {}

  struct End {
    enum class How : std::uint8_t {
      done,    // the stack is what was wanted
      undone,  // it is what it was before
      stuck,   // undoing failed as well; the next start goes on
    };
    How how = How::done;
    Problem failure = {};           // unless done: the step that failed, and why
    std::vector<std::string> left;  // what could not be removed or undone yet, a sentence each
  };

  // Records the run and carries it out. An error is the catalog's (or a fail point's): what was
  // recorded stays recorded.
  base::Result<End> begin(Run run);
  // Goes on with a run that the catalog holds.
  base::Result<End> go_on(Run run);

 private:
  base::Result<End> forward(Run& run, bool repeat);
  base::Result<End> undo(Run& run);
  base::Result<End> clean(Run& run, bool repeat);
  base::Result<void> move(const Run& run);
  // The stack is what was wanted; what is left to do is cleaning.
  base::Result<void> become(Run& run);
  base::Result<void> forget(const Run& run);

  struct Change {
    const std::optional<Record>& from;
    const std::optional<Record>& to;
    bool repeat = false;  // it may have been done, or begun, by an earlier life
  };
  aws::Outcome<void> apply(const Change& change);

  Parts parts_;
};

}  // namespace hyd::stacks
