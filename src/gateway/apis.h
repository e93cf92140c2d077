// The account's REST APIs: kept in the catalog, seen by every loop as a picture.
//
// A change is decided inside the catalog's transaction, made durable, compiled and shown to every
// loop, and then answered: whoever has the answer of CreateDeployment reaches the new stage on any
// connection.
//
// Owned by `app`, outlives the loops' last call. Handlers call `find`, `all` and `change` on the
// call's loop; the newest picture is the catalog writer's, whose thread is the only one that
// publishes.
#pragma once

#include "aws/call.h"
#include "aws/fault.h"
#include "base/mutex.h"
#include "base/result.h"
#include "base/rng.h"
#include "catalog/catalog.h"
#include "gateway/api.h"
#include "gateway/served.h"
#include "sys/loop.h"
#include "sys/snapshots.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::gateway {

using ApiPtr = std::shared_ptr<const Api>;

struct Picture {
  std::map<std::string, ApiPtr, std::less<>> apis;  // by id
  std::shared_ptr<const Served> served;             // never null
};

class Apis {
 public:
  struct Parts {
    catalog::Catalog& catalog;  // opened with gateway_schema(); outlives it
    base::Rng& entropy;         // the system's; any thread
    std::vector<sys::Loop*> loops;
    std::string account;
    std::string region;    // of stages' own ARNs and addresses
    Compile compile = {};  // empty: nothing is compiled
  };
  // Reads what is kept and compiles every stage; blocks.
  static base::Result<std::unique_ptr<Apis>> open(Parts parts);
  Apis(Parts parts, std::shared_ptr<const Picture> picture);

  // The stages as this loop sees them; never null. Keep a copy for as long as a request runs.
  const std::shared_ptr<const Served>& served(const sys::Loop& loop) const {
    return snapshots_.here(loop)->served;
  }
  // The same for threads without a loop: the last that was published. Any thread.
  std::shared_ptr<const Served> newest() const;

  // The APIs as this loop sees them. Null when there is none of that id.
  ApiPtr find(const sys::Loop& loop, std::string_view id) const;

  base::Rng& entropy() { return parts_.entropy; }
  const std::string& account() const { return parts_.account; }
  const std::string& region() const { return parts_.region; }

  // Decides about one API: `api` is empty when there is none of the id; filling it creates one,
  // emptying it deletes the API with all it has. On the catalog writer's thread, and perhaps twice.
  // What it changed before it refuses is dropped.
  using Edit = std::move_only_function<aws::Outcome<void>(std::optional<Api>& api)>;
  // `done` runs on the call's loop when every loop shows the change, with the API as this change
  // left it (null: deleted).
  void change(const aws::Call& call, std::string api_id, Edit edit, aws::Done<ApiPtr> done);

 private:
  void publish(const std::string& api_id, ApiPtr api, base::Task everywhere);

  Parts parts_;
  std::shared_ptr<const Picture> writers_;  // the catalog writer's thread, after `open`
  sys::Snapshots<Picture> snapshots_;
  mutable base::Mutex mutex_;
  std::shared_ptr<const Served> newest_ HYD_GUARDED_BY(mutex_);
};

}  // namespace hyd::gateway
