#include "gateway/apis.h"

#include "gateway/tables.h"

#include <algorithm>
#include <utility>

namespace hyd::gateway {

using base::Result;

namespace {

DeployedStage deployed(const Api& api, const Stage& stage) {
  const auto deployment = api.deployments.find(stage.deployment_id);
  HYD_CHECK(deployment != api.deployments.end());
  const auto definition = api.frozen.find(deployment->second.snapshot);
  HYD_CHECK(definition != api.frozen.end());
  return {.api_id = api.id,
          .api_name = api.name,
          .stage = stage.name,
          .deployment_id = stage.deployment_id,
          .variables = stage.variables,
          .definition = definition->second};
}

// What is served when `api` (null: none) takes the place of the API of that id; the old picture
// itself when that changes nothing.
std::shared_ptr<const Served> replace(const std::shared_ptr<const Served>& old,
                                      const std::string& api_id, const Api* api,
                                      const Compile& compile) {
  Served next;
  bool same = true;
  for (const ServedStage& one : old->stages) {
    if (one.what.api_id != api_id) {
      next.stages.push_back(one);
    } else if (api == nullptr || !api->stages.contains(one.what.stage)) {
      same = false;
    }
  }
  if (api != nullptr) {
    for (const auto& [name, stage] : api->stages) {
      ServedStage one{.what = deployed(*api, stage), .compiled = nullptr};
      const ServedStage* const before = old->find(api_id, name);
      if (before != nullptr && before->what == one.what) {
        one.compiled = before->compiled;
      } else {
        same = false;
        if (compile) one.compiled = compile(one.what);
      }
      next.stages.push_back(std::move(one));
    }
  }
  if (same) return old;
  std::ranges::sort(next.stages, {}, [](const ServedStage& one) {
    return std::pair<std::string_view, std::string_view>(one.what.api_id, one.what.stage);
  });
  return std::make_shared<const Served>(std::move(next));
}

}  // namespace

Result<std::unique_ptr<Apis>> Apis::open(Parts parts) {
  ASSIGN_OR_RETURN(const std::unique_ptr<catalog::Reader> reader, parts.catalog.reader());
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, read_api_ids(*reader));
  Picture picture{.apis = {}, .served = std::make_shared<const Served>()};
  Frozen known;  // APIs that are copies of each other share what they froze
  for (const std::string& id : ids) {
    Result<std::optional<Api>> api = read_api(*reader, id, known);
    if (!api) return std::move(api).error().within("API " + id);
    HYD_CHECK(api->has_value());  // nobody changes them yet
    known.insert((*api)->frozen.begin(), (*api)->frozen.end());
    const auto kept = std::make_shared<const Api>(**std::move(api));
    picture.served = replace(picture.served, id, kept.get(), parts.compile);
    picture.apis.emplace(id, kept);
  }
  return std::make_unique<Apis>(std::move(parts),
                                std::make_shared<const Picture>(std::move(picture)));
}

Apis::Apis(Parts parts, std::shared_ptr<const Picture> picture)
    : parts_(std::move(parts)),
      writers_(picture),
      snapshots_(parts_.loops, picture),
      newest_(picture->served) {}

std::shared_ptr<const Served> Apis::newest() const {
  const base::Lock lock(mutex_);
  return newest_;
}

ApiPtr Apis::find(const sys::Loop& loop, std::string_view id) const {
  const Picture& picture = *snapshots_.here(loop);
  const auto found = picture.apis.find(id);
  return found == picture.apis.end() ? nullptr : found->second;
}

void Apis::change(const aws::Call& call, std::string api_id, Edit edit, aws::Done<ApiPtr> done) {
  // What the mutation and its completion share: they are two functions of the catalog's.
  struct Round {
    std::string id;
    Edit edit;
    aws::Done<ApiPtr> done;
    std::optional<aws::Fault> refused;
    ApiPtr left;  // by the edit; null: no API
  };
  auto round = std::make_shared<Round>(
      Round{std::move(api_id), std::move(edit), std::move(done), {}, nullptr});
  sys::Loop& loop = call.loop;
  parts_.catalog.write(
      catalog::Lane::control,
      [this, round](catalog::Transaction& in) -> Result<void> {
        round->refused.reset();
        const auto shown = writers_->apis.find(round->id);
        const Frozen known = shown == writers_->apis.end() ? Frozen() : shown->second->frozen;
        ASSIGN_OR_RETURN(const std::optional<Api> before, read_api(in, round->id, known));
        std::optional<Api> after = before;
        if (aws::Outcome<void> decided = round->edit(after); !decided) {
          round->refused = std::move(decided).error();
          return base::fail(base::Code::conflict, "refused");
        }
        RETURN_IF_ERROR(write_api(in, before, after));
        round->left = after ? std::make_shared<const Api>(*std::move(after)) : nullptr;
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
        publish(round->id, round->left,
                [round, &loop] { loop.post([round] { round->done(round->left); }); });
      });
}

void Apis::publish(const std::string& api_id, ApiPtr api, base::Task everywhere) {
  Picture next = *writers_;
  next.served = replace(writers_->served, api_id, api.get(), parts_.compile);
  if (api) {
    next.apis.insert_or_assign(api_id, std::move(api));
  } else {
    next.apis.erase(api_id);
  }
  writers_ = std::make_shared<const Picture>(std::move(next));
  {
    const base::Lock lock(mutex_);
    newest_ = writers_->served;
  }
  snapshots_.publish(writers_, std::move(everywhere));
}

}  // namespace hyd::gateway
