#include "stacks/run.h"

#include "stacks/tables.h"

#include <fmt/core.h>

#include <utility>

namespace hyd::stacks {

using base::Result;
using catalog::Transaction;

namespace {

constexpr std::string_view kRecorded = "stacks.recorded";
constexpr std::string_view kBegun = "stacks.step.begun";
constexpr std::string_view kDone = "stacks.step.done";
constexpr std::string_view kFinished = "stacks.finished";

std::string text_of(const aws::Fault& fault) {
  std::string text = fault.message.empty() ? fault.name : fault.name + ": " + fault.message;
  if (!fault.cause.empty()) text += " (" + fault.cause + ")";
  return text;
}

std::string name_of(const Record& record) {
  return fmt::format("{} ({})", record.logical_id, record.type);
}

Problem failure_of(const Record& record, const aws::Fault& fault) {
  return {.mark = record.mark,
          .path = "Resources/" + record.logical_id,
          .what = fmt::format("{}: {}", name_of(record), text_of(fault))};
}

}  // namespace

Result<Runner::End> Runner::begin(Run run) {
  RETURN_IF_ERROR(parts_.catalog.write_and_wait(
      [&](Transaction& in) -> Result<void> { return put_run(in, run); }));
  RETURN_IF_ERROR(parts_.fail_points.pass(kRecorded));
  return forward(run, false);
}

Result<Runner::End> Runner::go_on(Run run) {
  switch (run.phase) {
    case Run::Phase::forward: return forward(run, true);
    case Run::Phase::undoing: return undo(run);
    case Run::Phase::cleaning: return clean(run, true);
  }
  std::unreachable();
}

Result<Runner::End> Runner::forward(Run& run, bool repeat) {
  while (run.position < run.keep) {
    const Step& step = run.steps[run.position];
    aws::Outcome<void> outcome;
    // How much is to be undone after a fault: this step as well, unless it was not even begun, or
    // what it wanted to make was there before and is somebody else's.
    std::size_t undone_from = run.position;
    if (Result<void> passed = parts_.fail_points.pass(kBegun); !passed) {
      outcome = aws::Outcome<void>(aws::fault_from(std::move(passed).error()));
    } else {
      outcome = apply({.from = step.before, .to = step.after, .repeat = repeat});
      const ResourceType* const type = find_type(step.record().type);
      const bool foreign = !outcome && !repeat && !step.before && type != nullptr &&
                           outcome.error().name == type->taken_fault;
      if (!foreign) ++undone_from;
    }
    if (outcome) {
      ++run.position;
      RETURN_IF_ERROR(move(run));
      undone_from = run.position;
      if (Result<void> passed = parts_.fail_points.pass(kDone); !passed) {
        outcome = aws::Outcome<void>(aws::fault_from(std::move(passed).error()));
      }
    }
    if (!outcome) {
      run.phase = Run::Phase::undoing;
      run.position = undone_from;
      Problem failure = failure_of(step.record(), outcome.error());
      run.cause = failure.what;
      RETURN_IF_ERROR(move(run));
      ASSIGN_OR_RETURN(End end, undo(run));
      end.failure = std::move(failure);
      return end;
    }
    repeat = false;
  }
  RETURN_IF_ERROR(become(run));
  return clean(run, repeat);
}

// The step that is undone first may be half done, so `repeat` holds throughout.
Result<Runner::End> Runner::undo(Run& run) {
  End end{
      .how = End::How::undone, .failure = {.mark = {}, .path = {}, .what = run.cause}, .left = {}};
  while (run.position > 0) {
    const Step& step = run.steps[run.position - 1];
    if (Result<void> passed = parts_.fail_points.pass(kBegun); !passed) return passed.error();
    if (auto outcome = apply({.from = step.after, .to = step.before, .repeat = true}); !outcome) {
      end.how = End::How::stuck;
      end.left.push_back(fmt::format("{} could not be undone: {}", name_of(step.record()),
                                     text_of(outcome.error())));
      return end;
    }
    --run.position;
    RETURN_IF_ERROR(move(run));
    RETURN_IF_ERROR(parts_.fail_points.pass(kDone));
  }
  RETURN_IF_ERROR(forget(run));
  RETURN_IF_ERROR(parts_.fail_points.pass(kFinished));
  return end;
}

Result<Runner::End> Runner::clean(Run& run, bool repeat) {
  End end;
  while (run.position < run.steps.size()) {
    const Step& step = run.steps[run.position];
    RETURN_IF_ERROR(parts_.fail_points.pass(kBegun));
    if (auto outcome = apply({.from = step.before, .to = step.after, .repeat = repeat}); !outcome) {
      end.left.push_back(fmt::format(
          "{} {} is not needed any more and could not be removed: {}; the next start tries again",
          name_of(step.record()), step.record().physical_id, text_of(outcome.error())));
      return end;
    }
    ++run.position;
    RETURN_IF_ERROR(move(run));
    RETURN_IF_ERROR(parts_.fail_points.pass(kDone));
    repeat = false;
  }
  RETURN_IF_ERROR(forget(run));
  RETURN_IF_ERROR(parts_.fail_points.pass(kFinished));
  return end;
}

Result<void> Runner::move(const Run& run) {
  return parts_.catalog.write_and_wait(
      [&](Transaction& in) -> Result<void> { return move_run(in, run); });
}

Result<void> Runner::become(Run& run) {
  run.phase = Run::Phase::cleaning;
  return parts_.catalog.write_and_wait([&](Transaction& in) -> Result<void> {
    RETURN_IF_ERROR(put_stack(in, run.after));
    return move_run(in, run);
  });
}

Result<void> Runner::forget(const Run& run) {
  return parts_.catalog.write_and_wait(
      [&](Transaction& in) -> Result<void> { return remove_run(in, run.after.name); });
}

aws::Outcome<void> Runner::apply(const Change& change) {
  const std::optional<Record>& shown = change.to ? change.to : change.from;
  HYD_CHECK(shown.has_value());
  const ResourceType* const type = find_type(shown->type);
  if (type == nullptr) {  // a data directory of a program that knew more types
    return aws::validation("This version does not know the type " + shown->type);
  }
  const Work work{.client = parts_.client, .place = parts_.place, .repeat = change.repeat};
  if (!change.from) return type->create(work, *shown);
  if (!change.to) return type->remove(work, *shown);
  return type->update(work, *change.from, *change.to);
}

}  // namespace hyd::stacks
