// The rows of the catalog under the contract of every delivery journal.
#include "delivery/journal.h"

#include "catalog/testing/simulated_catalog.h"
#include "delivery/delivery.h"
#include "delivery/testing/journal_contract.h"
#include "delivery/testing/ports.h"

namespace hyd::delivery {
namespace {

class CatalogWorld final : public JournalWorld {
 public:
  CatalogWorld() { restart(); }

  DeliveryJournal& journal() override { return *journal_; }
  DeliveryId make_stream(std::string_view name) override {
    DeliveryStream stream;
    stream.key = {.region = "us-east-1", .name = std::string(name)};
    stream.destination.role_arn = "arn:aws:iam::123456789012:role/r";
    stream.destination.bucket_arn = "arn:aws:s3:::events";
    DeliveryId id;
    EXPECT_TRUE(catalog_->write_and_wait([&](catalog::Transaction& in) -> base::Result<void> {
      ASSIGN_OR_RETURN(id, add_stream(in, stream));
      return {};
    }));
    return id;
  }
  void remove_stream(DeliveryId id) override {
    EXPECT_TRUE(catalog_->write_and_wait(
        [&](catalog::Transaction& in) { return delivery::remove_stream(in, id); }));
  }
  std::unique_ptr<ObjectStore::Staged> stage(std::string_view key) override {
    auto staged =
        store_.stage({.bucket = "events", .key = key, .headers = {}, .body = {}, .token = {}});
    EXPECT_TRUE(staged);
    return staged ? *std::move(staged) : nullptr;
  }
  std::vector<std::string> stored_keys() override {
    std::vector<std::string> keys;
    const auto objects = CatalogStore::all(catalog_.reader());
    EXPECT_TRUE(objects);
    if (!objects) return keys;
    for (const StoredObject& object : *objects) keys.push_back(object.key);
    return keys;
  }
  void restart() override {
    journal_ = nullptr;
    EXPECT_TRUE(catalog_.open({.schemas = {delivery_schema(), CatalogStore::schema()}}));
    journal_ = std::make_unique<JournalInCatalog>(*catalog_, store_);
  }

 private:
  catalog::SimulatedCatalog catalog_;
  CatalogStore store_;
  std::unique_ptr<JournalInCatalog> journal_;
};

INSTANTIATE_TEST_SUITE_P(Catalog, JournalContract,
                         ::testing::Values(JournalEngine{
                             "catalog", [] { return std::make_unique<CatalogWorld>(); }}),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace hyd::delivery
