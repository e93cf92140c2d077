// The log's few rows in one small file, made durable by rename: what tests of the log use instead
// of the catalog, so that its rows live and die with the same simulated disk.
#pragma once

#include "base/check.h"
#include "base/parse_int.h"
#include "log/ports.h"
#include "sys/file.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::log {

class FileLogCatalog final : public LogCatalog {
 public:
  explicit FileLogCatalog(sys::Dir& dir) : dir_(dir) {}

  base::Result<std::uint64_t> take_epoch() override {
    RETURN_IF_ERROR(load());
    rows_.epochs.push_back({.epoch = ++epochs_taken_});
    RETURN_IF_ERROR(save());
    return epochs_taken_;
  }
  base::Result<LogRows> rows() override {
    RETURN_IF_ERROR(load());
    return rows_;
  }
  base::Result<void> begin_epoch(const EpochRow& row) override {
    std::erase_if(rows_.epochs, [&](const EpochRow& other) { return other.epoch == row.epoch; });
    rows_.epochs.push_back(row);
    return save();
  }
  base::Result<void> forget_epochs(std::uint64_t epoch) override {
    std::erase_if(rows_.epochs, [&](const EpochRow& row) { return row.epoch <= epoch; });
    return save();
  }
  base::Result<void> put_slot(const SlotRow& row) override {
    std::erase_if(rows_.slots, [&](const SlotRow& other) { return other.slot == row.slot; });
    rows_.slots.push_back(row);
    return save();
  }
  base::Result<void> free_segment(const FreedRow& freed, std::uint32_t slot) override {
    rows_.freed.push_back(freed);
    std::erase_if(rows_.slots, [&](const SlotRow& other) { return other.slot == slot; });
    return save();
  }
  // As if a row of another room named that place.
  base::Result<void> name_place(std::uint64_t place) {
    RETURN_IF_ERROR(load());
    rows_.place_max = std::max(rows_.place_max, place);
    return save();
  }

 private:
  // One number list a line, the first word says what.
  base::Result<void> save() {
    std::string text = "taken " + std::to_string(epochs_taken_) + "\n" + "named " +
                       std::to_string(rows_.place_max) + "\n";
    for (const EpochRow& row : rows_.epochs) {
      text += "epoch " + std::to_string(row.epoch) + " " + std::to_string(row.first_commit) + " " +
              std::to_string(row.first_place) + "\n";
    }
    for (const SlotRow& row : rows_.slots) {
      text += "slot " + std::to_string(row.slot) + " " + std::to_string(row.segment) + "\n";
    }
    for (const FreedRow& row : rows_.freed) {
      text += "freed " + std::to_string(row.first_commit) + " " + std::to_string(row.last_commit) +
              "\n";
    }
    ASSIGN_OR_RETURN(auto file, dir_.open("log.rows.new", sys::Open::create));
    RETURN_IF_ERROR(file->truncate(0));
    RETURN_IF_ERROR(file->write_at(0, text));
    RETURN_IF_ERROR(file->sync());
    RETURN_IF_ERROR(dir_.rename("log.rows.new", "log.rows", true));
    return dir_.sync_dir("");
  }

  base::Result<void> load() {
    rows_ = LogRows{};
    rows_.log_uid = base::Uid({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
    epochs_taken_ = 0;
    ASSIGN_OR_RETURN(const bool there, dir_.exists("log.rows"));
    if (!there) return {};
    // A killed process may have renamed without having synced the folder.
    RETURN_IF_ERROR(dir_.sync_dir(""));
    ASSIGN_OR_RETURN(auto file, dir_.open("log.rows", sys::Open::read));
    ASSIGN_OR_RETURN(const std::uint64_t size, file->size());
    std::string text(size, '\0');
    RETURN_IF_ERROR(file->read_at(0, text));
    std::string_view rest = text;
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      HYD_CHECK(end != std::string_view::npos);
      line(rest.substr(0, end));
      rest.remove_prefix(end + 1);
    }
    return {};
  }

  void line(std::string_view text) {
    std::vector<std::uint64_t> n;
    const std::size_t word = text.find(' ');
    for (std::size_t at = word; at != std::string_view::npos && at < text.size();) {
      const std::size_t next = text.find(' ', at + 1);
      const auto number = base::parse_int<std::uint64_t>(text.substr(at + 1, next - at - 1));
      HYD_CHECK(number.has_value());
      n.push_back(*number);
      at = next;
    }
    const std::string_view what = text.substr(0, word);
    if (what == "taken") epochs_taken_ = n.at(0);
    if (what == "named") rows_.place_max = n.at(0);
    if (what == "epoch") rows_.epochs.push_back({n.at(0), n.at(1), n.at(2)});
    if (what == "slot") rows_.slots.push_back({static_cast<std::uint32_t>(n.at(0)), n.at(1)});
    if (what == "freed") rows_.freed.push_back({n.at(0), n.at(1)});
  }

  sys::Dir& dir_;
  LogRows rows_;
  std::uint64_t epochs_taken_ = 0;
};

}  // namespace hyd::log
