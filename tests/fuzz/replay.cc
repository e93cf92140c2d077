// Runs a fuzz target over a fixed set of inputs, where libFuzzer would search for new ones:
//
//   NAME_fuzz CORPUS_DIR [RUNS [SEED]]
//
// First every file of the corpus as it is, then RUNS inputs made from it by seeded mutations, so
// that every run of one seed sees the same bytes. The input that ends the process is written to
// crash-NAME in the current directory. A target is one test, whatever the number of its inputs.
#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
// Called by the sanitizers' runtime before it ends the process; absent without one.
// NOLINTNEXTLINE(bugprone-reserved-identifier): the runtime's own name
extern "C" [[gnu::weak]] void __sanitizer_set_death_callback(void (*callback)());

namespace {

using namespace std::string_view_literals;
using Input = std::vector<std::uint8_t>;

constexpr std::size_t kInputBytesMax = 4096;
constexpr std::uint64_t kSeedDefault = 1;
constexpr int kRunsDefault = 0;

// What the crash handlers write down; they may only use what a signal handler may.
const Input* current_input = nullptr;
char crash_file[256] = "crash";

void keep_current_input() {
  if (current_input == nullptr) return;
  const int file = ::open(crash_file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return;
  const ssize_t written = ::write(file, current_input->data(), current_input->size());
  ::close(file);
  if (written < 0) return;
  constexpr std::string_view kSaid = "the input is kept in ";
  (void)!::write(STDERR_FILENO, kSaid.data(), kSaid.size());
  (void)!::write(STDERR_FILENO, crash_file, std::strlen(crash_file));
  (void)!::write(STDERR_FILENO, "\n", 1);
  current_input = nullptr;
}

void on_signal(int number) {
  keep_current_input();
  std::signal(number, SIG_DFL);
  std::raise(number);
}

// splitmix64: the same numbers everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  // In [0, bound); 0 for an empty range.
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : next() % bound; }

 private:
  std::uint64_t state_;
};

using Offset = Input::difference_type;

Input::iterator at(Input& input, std::size_t index) {
  return input.begin() + static_cast<Offset>(index);
}

// One small change: what parsers get wrong is mostly near a valid input.
void mutate(Input& input, const std::vector<Input>& corpus, Random& random) {
  const std::size_t from = random.below(input.size());
  const std::size_t length = random.below(std::min<std::size_t>(input.size() - from, 16) + 1);
  switch (random.below(7)) {
    case 0:  // flip a bit
      if (!input.empty()) input[from] ^= static_cast<std::uint8_t>(1u << random.below(8));
      break;
    case 1:  // another byte, often one that parsers care about
      if (!input.empty()) {
        constexpr std::string_view kEdges = "\0\xff\x7f\x80\"\\{}[]<>&=%:;,. \r\n\t0-+$#("sv;
        input[from] = static_cast<std::uint8_t>(
            random.below(2) == 0 ? static_cast<std::size_t>(kEdges[random.below(kEdges.size())])
                                 : random.below(256));
      }
      break;
    case 2:  // one more byte
      input.insert(at(input, from), static_cast<std::uint8_t>(random.below(256)));
      break;
    case 3:  // drop a few
      input.erase(at(input, from), at(input, from + length));
      break;
    case 4: {  // repeat a few
      const Input copy(at(input, from), at(input, from + length));
      input.insert(at(input, from), copy.begin(), copy.end());
      break;
    }
    case 5:  // cut the end
      input.resize(from);
      break;
    default: {  // go on as another input does
      const Input& other = corpus[random.below(corpus.size())];
      const std::size_t start = random.below(other.size());
      input.resize(from);
      input.insert(input.end(), other.begin() + static_cast<Offset>(start), other.end());
      break;
    }
  }
  if (input.size() > kInputBytesMax) input.resize(kInputBytesMax);
}

void run(const Input& input) {
  // A copy of exactly the right size, so that a sanitizer sees the first byte read beyond it.
  const Input exact(input);  // NOLINT(performance-unnecessary-copy-initialization)
  current_input = &exact;
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
  current_input = nullptr;
}

std::vector<Input> read_corpus(const char* folder) {
  std::vector<std::filesystem::path> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  std::ranges::sort(paths);  // the order of a directory differs between machines
  std::vector<Input> corpus;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return corpus;
}

template <class Number>
Number argument(int count, char** arguments, int index, Number otherwise) {
  if (index >= count) return otherwise;
  const std::string_view text(arguments[index]);
  std::from_chars(text.data(), text.data() + text.size(), otherwise);
  return otherwise;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::fputs("usage: NAME_fuzz CORPUS_DIR [RUNS [SEED]]\n", stderr);
    return 2;
  }
  const std::string name = std::filesystem::path(arguments[0]).filename().string();
  std::snprintf(crash_file, sizeof crash_file, "crash-%s", name.c_str());
  if (&__sanitizer_set_death_callback != nullptr) {
    __sanitizer_set_death_callback(keep_current_input);
  }
  for (const int number : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) {
    std::signal(number, on_signal);
  }

  const std::vector<Input> corpus = read_corpus(arguments[1]);
  if (corpus.empty()) {  // mutations of nothing would prove nothing
    std::printf("%s holds no input\n0 passed, 1 failed\n", arguments[1]);
    return 1;
  }
  for (const Input& input : corpus) run(input);

  const int runs = argument(count, arguments, 2, kRunsDefault);
  Random random(argument(count, arguments, 3, kSeedDefault));
  for (int i = 0; i < runs; ++i) {
    Input input = corpus[random.below(corpus.size())];
    for (std::size_t changes = random.below(8) + 1; changes > 0; --changes) {
      mutate(input, corpus, random);
    }
    run(input);
  }
  std::printf("%zu inputs of the corpus, %d made from them\n1 passed, 0 failed\n", corpus.size(),
              runs);
  return 0;
}
