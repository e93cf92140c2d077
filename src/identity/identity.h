// Roles of the account: kept in the catalog, seen by every loop as a picture.
//
// A change is decided inside the catalog's transaction, made durable, shown to every loop, and then
// answered: whoever has the answer reads the change on any loop. Roles are stored and shown;
// nothing evaluates them yet.
//
// Owned by `app`, outlives the loops' last call. Handlers call `roles` and `change` on the call's
// loop; the newest picture is the catalog writer's, whose thread is the only one that publishes.
#pragma once

#include "aws/call.h"
#include "aws/fault.h"
#include "aws/shape.h"
#include "base/result.h"
#include "base/rng.h"
#include "catalog/catalog.h"
#include "identity/roles.h"
#include "sys/loop.h"
#include "sys/snapshots.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::identity {

class Identity {
 public:
  struct Parts {
    catalog::Catalog& catalog;  // opened with identity_schema(); outlives it
    base::Rng& entropy;         // the system's; any thread
    std::vector<sys::Loop*> loops;
    std::string account;
  };
  // Reads what is kept, and keeps the account at the first start; blocks. Code::conflict: the
  // database is another account's.
  static base::Result<std::unique_ptr<Identity>> open(Parts parts);
  Identity(Parts parts, std::shared_ptr<const Roles> roles);

  // The picture of this loop.
  const Roles& roles(const sys::Loop& loop) const { return *snapshots_.here(loop); }
  // Null when there is no such role.
  const Role* find_role(const sys::Loop& loop, std::string_view name) const;
  base::Rng& entropy() { return parts_.entropy; }

  struct Change {
    // Decides and writes, on the writer's thread and perhaps twice: the fault that refuses the
    // change, or nothing.
    std::move_only_function<base::Result<std::optional<aws::Fault>>(catalog::Transaction&)> store;
    // The same for the picture, once it is durable.
    std::move_only_function<void(Roles&)> apply;
  };
  // `done` runs on the call's loop when every loop shows the change.
  void change(const aws::Call& call, Change change, aws::Done<aws::Nothing> done);

 private:
  Parts parts_;
  std::shared_ptr<const Roles> newest_;  // the catalog writer's thread, after `open`
  sys::Snapshots<Roles> snapshots_;
};

}  // namespace hyd::identity
