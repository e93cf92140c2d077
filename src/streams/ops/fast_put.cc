#include "streams/ops/fast_put.h"

#include "codec/base64.h"
#include "streams/ops/words.h"

#include <cstddef>
#include <optional>
#include <utility>

namespace hyd::streams {
namespace {

class Scanner {
 public:
  explicit Scanner(std::string_view body) : rest_(body) {}

  // Takes `c` if it is what comes next, behind white space.
  bool take(char c) {
    skip();
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // A text without escapes, of visible ASCII and blanks.
  bool text(std::string_view& out) {
    if (!quoted(out)) return false;
    for (const char c : out) {
      if (c < ' ' || c > '~' || c == '\\') return false;
    }
    return true;
  }
  // A blob: base64 has no characters that could end or escape a text.
  bool blob(std::string& out) {
    std::string_view encoded;
    if (!quoted(encoded)) return false;
    codec::Base64Decoded decoded;
    out.resize_and_overwrite(codec::base64_decoded_size_max(encoded.size()),
                             [&](char* bytes, std::size_t room) {
                               decoded = codec::base64_decode_to(encoded, {bytes, room});
                               return decoded.size;
                             });
    return decoded.fault == codec::Base64Decoded::Fault::none;
  }
  bool at_end() {
    skip();
    return rest_.empty();
  }

  // An object; `each` reads the value of the member that it is told.
  template <class Each>
  bool object(Each each) {
    if (!take('{')) return false;
    if (take('}')) return true;
    do {
      std::string_view name;
      if (!text(name) || !take(':') || !each(name)) return false;
    } while (take(','));
    return take('}');
  }

 private:
  void skip() {
    if (!rest_.empty() && rest_.front() > ' ') return;
    const std::size_t at = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at);
  }
  bool quoted(std::string_view& out) {
    if (!take('"')) return false;
    const std::size_t end = rest_.find('"');
    if (end == std::string_view::npos) return false;
    out = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return true;
  }

  std::string_view rest_;
};

bool read_text(Scanner& scanner, std::string& into) {
  std::string_view text;
  if (!scanner.text(text)) return false;
  into = text;
  return true;
}
bool read_text(Scanner& scanner, std::optional<std::string>& into) {
  return read_text(scanner, into.emplace());
}

// Data that is missing and data that is empty are different things.
bool read_entry(Scanner& scanner, PutRecordsEntry& entry) {
  bool has_data = false;
  return scanner.object([&](std::string_view name) {
    if (name == "Data") {
      has_data = true;
      return scanner.blob(entry.data);
    }
    if (name == "PartitionKey") return read_text(scanner, entry.partition_key);
    if (name == "ExplicitHashKey") return read_text(scanner, entry.explicit_hash_key);
    return false;
  }) && has_data;
}

bool read_entries(Scanner& scanner, std::vector<PutRecordsEntry>& entries) {
  constexpr std::size_t kEntriesMax = 500;
  entries.clear();  // of two members of a name the last one counts
  if (!scanner.take('[')) return false;
  do {
    if (entries.size() == kEntriesMax || !read_entry(scanner, entries.emplace_back())) return false;
  } while (scanner.take(','));
  return scanner.take(']');
}

// The last member of a put's output, where there is one, and the output's end.
void write_end(std::optional<EncryptionWord> encryption, std::string& out) {
  if (encryption) {
    out += R"(,"EncryptionType":")";
    out += kEncryptionWords[std::to_underlying(*encryption)];
    out += '"';
  }
  out += '}';
}

}  // namespace

bool read_put_record(std::string_view body, PutRecordInput& input) {
  Scanner scanner(body);
  bool has_data = false;
  const bool plain = scanner.object([&](std::string_view name) {
    if (name == "Data") {
      has_data = true;
      return scanner.blob(input.data);
    }
    if (name == "PartitionKey") return read_text(scanner, input.partition_key);
    if (name == "StreamName") return read_text(scanner, input.stream_name);
    if (name == "StreamARN") return read_text(scanner, input.stream_arn);
    if (name == "ExplicitHashKey") return read_text(scanner, input.explicit_hash_key);
    if (name == "SequenceNumberForOrdering") {
      return read_text(scanner, input.sequence_number_for_ordering);
    }
    return false;
  });
  return plain && has_data && scanner.at_end();
}

bool read_put_records(std::string_view body, PutRecordsInput& input) {
  Scanner scanner(body);
  const bool plain = scanner.object([&](std::string_view name) {
    if (name == "Records") return read_entries(scanner, input.records);
    if (name == "StreamName") return read_text(scanner, input.stream_name);
    if (name == "StreamARN") return read_text(scanner, input.stream_arn);
    return false;
  });
  return plain && scanner.at_end();
}

// Neither text has a character that would have to be escaped.
void write_put_record(const PutRecordOutput& output, std::string& out) {
  constexpr std::size_t kOtherBytes = 40;
  out.reserve(out.size() + output.sequence_number.size() + output.shard_id.size() + kOtherBytes);
  out += R"({"SequenceNumber":")";
  out += output.sequence_number;
  out += R"(","ShardId":")";
  out += output.shard_id;
  out += '"';
  write_end(output.encryption_type, out);
}

void write_put_records(const PutRecordsOutput& output, std::string& out) {
  constexpr std::size_t kEntryBytes = 130;
  out.reserve(out.size() + output.records.size() * kEntryBytes + 40);
  out += R"({"FailedRecordCount":)";
  out += std::to_string(output.failed_record_count);
  out += R"(,"Records":[)";
  bool first = true;
  for (const PutRecordsResult& record : output.records) {
    if (!first) out += ',';
    first = false;
    if (!record.sequence_number || !record.shard_id) {
      aws::append_json(PutRecordsResult::shape(), &record, out);
      continue;
    }
    out += R"({"SequenceNumber":")";
    out += *record.sequence_number;
    out += R"(","ShardId":")";
    out += *record.shard_id;
    out += R"("})";
  }
  out += ']';
  write_end(output.encryption_type, out);
}

}  // namespace hyd::streams
