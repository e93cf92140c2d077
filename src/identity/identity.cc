#include "identity/identity.h"

#include "identity/tables.h"

#include <utility>

namespace hyd::identity {

using base::Result;

Result<std::unique_ptr<Identity>> Identity::open(Parts parts) {
  RETURN_IF_ERROR(parts.catalog.write_and_wait(
      [&](catalog::Transaction& in) { return keep_account(in, parts.account); }));
  ASSIGN_OR_RETURN(const std::unique_ptr<catalog::Reader> reader, parts.catalog.reader());
  ASSIGN_OR_RETURN(Roles roles, read_roles(*reader));
  return std::make_unique<Identity>(std::move(parts),
                                    std::make_shared<const Roles>(std::move(roles)));
}

Identity::Identity(Parts parts, std::shared_ptr<const Roles> roles)
    : parts_(std::move(parts)), newest_(roles), snapshots_(parts_.loops, std::move(roles)) {}

const Role* Identity::find_role(const sys::Loop& loop, std::string_view name) const {
  const Roles& all = roles(loop);
  const auto found = all.find(role_key(name));
  return found == all.end() ? nullptr : &found->second;
}

void Identity::change(const aws::Call& call, Change change, aws::Done<aws::Nothing> done) {
  // What the mutation and its completion share: they are two functions of the catalog's.
  struct Round {
    Change change;
    aws::Done<aws::Nothing> done;
    std::optional<aws::Fault> refused;
  };
  auto round = std::make_shared<Round>(Round{std::move(change), std::move(done), {}});
  sys::Loop& loop = call.loop;
  parts_.catalog.write(
      catalog::Lane::control,
      [round](catalog::Transaction& in) -> Result<void> {
        ASSIGN_OR_RETURN(round->refused, round->change.store(in));
        if (round->refused) return base::fail(base::Code::conflict, "refused");
        return {};
      },
      [this, round, &loop](Result<void> result) {
        if (!result) {
          aws::Fault fault = round->refused ? *std::move(round->refused)
                                            : aws::fault_from(std::move(result).error());
          loop.post([round, fault = std::move(fault)]() mutable {
            round->done(std::unexpected(std::move(fault)));
          });
          return;
        }
        Roles next = *newest_;
        round->change.apply(next);
        newest_ = std::make_shared<const Roles>(std::move(next));
        snapshots_.publish(newest_,
                           [round, &loop] { loop.post([round] { round->done(aws::Nothing{}); }); });
      });
}

}  // namespace hyd::identity
