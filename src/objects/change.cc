#include "objects/change.h"

#include "objects/faults.h"

#include <memory>
#include <utility>

namespace hyd::objects {

void change(const Change& where, Decide decide, Decided done) {
  // What the mutation and its completion share: they are two functions of the catalog's.
  struct Round {
    Decide decide;
    Decided done;
    std::optional<aws::Fault> refused;
    bool ran = false;
  };
  auto round = std::make_shared<Round>(Round{std::move(decide), std::move(done), {}, false});
  where.catalog.write(
      where.lane,
      [round](catalog::Transaction& in) -> base::Result<void> {
        round->ran = true;
        ASSIGN_OR_RETURN(round->refused, round->decide(in));
        if (round->refused) return base::fail(base::Code::conflict, "refused");
        return {};
      },
      [round, &loop = where.loop](base::Result<void> result) {
        std::optional<aws::Fault> fault;
        if (!result) {
          const bool queue_is_full = !round->ran && result.error().code == base::Code::exhausted;
          fault = round->refused  ? *std::move(round->refused)
                  : queue_is_full ? slow_down()
                                  : fault_of(std::move(result).error());
        }
        loop.post([round, fault = std::move(fault)]() mutable {
          std::exchange(round->done, nullptr)(std::move(fault));
        });
      });
}

}  // namespace hyd::objects
