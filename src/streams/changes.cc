// Changes of what a stream is, apart from its shards.
#include "streams/faults.h"
#include "streams/streams.h"

#include <memory>
#include <utility>

namespace hyd::streams {

using base::Result;
using base::Uid;

void Streams::change(const aws::Call& call, const StreamPtr& stream, Edit edit,
                     aws::Done<StreamPtr> done) {
  first().post([this, uid = stream->uid, edit = std::move(edit),
                answer = answer_on(call.loop, stream->uid, std::move(done))]() mutable {
    in_turn(uid, [this, uid, edit = std::move(edit),
                  answer = std::move(answer)](base::Task release) mutable {
      decided(uid, std::move(edit),
              [release = std::move(release),
               answer = std::move(answer)](std::optional<aws::Fault> fault) mutable {
                release();
                answer(std::move(fault));
              });
    });
  });
}

void Streams::decided(const Uid& uid, Edit edit, Answer answer) {
  const StreamPtr now = newest()->find(uid);
  if (!now) return answer(missing(uid.hex()));
  if (now->status == Status::gone) return answer(missing(now->name));
  NewSettings wanted = edit.decide(*now);
  if (!wanted) return answer(std::move(wanted).error());
  if (!*wanted) return answer(std::nullopt);
  Settings next = **std::move(wanted);
  parts_.catalog.put_settings(
      uid, next,
      [this, uid, next, name = now->name, edit = std::move(edit),
       answer = std::move(answer)](Result<bool> done) mutable {
        first().post([this, uid, next = std::move(next), name, edit = std::move(edit),
                      answer = std::move(answer), done = std::move(done)]() mutable {
          if (!done) return answer(aws::fault_from(std::move(done).error()));
          if (!*done) return answer(missing(name));
          kept(uid, std::move(next), std::move(edit), std::move(answer));
        });
      });
}

void Streams::kept(const Uid& uid, Settings settings, Edit edit, Answer answer) {
  const bool slow = parts_.transition.count() > 0;
  alter(
      uid,
      [&](Stream& stream) {
        stream.settings = std::move(settings);
        if (slow && edit.updates && stream.status == Status::active) {
          stream.status = Status::updating;
        }
      },
      [this, uid, slow, edit = std::move(edit), answer = std::move(answer)]() mutable {
        hold_if_new(uid);
        answer(std::nullopt);
        if (slow && (edit.updates || edit.then)) settle(uid, std::move(edit));
      });
}

// The end of a transition; only what is shown changes. An edit that did not make the stream
// UPDATING leaves that to the one that did.
void Streams::settle(const Uid& uid, Edit edit) {
  first().after(parts_.transition, [this, uid, edit = std::move(edit)]() mutable {
    in_turn(uid, [this, uid, edit = std::move(edit)](base::Task release) mutable {
      alter(
          uid,
          [&](Stream& stream) {
            if (edit.then) edit.then(stream.settings);
            if (edit.updates && stream.status == Status::updating) stream.status = Status::active;
          },
          std::move(release));
    });
  });
}

AccountSettings Streams::account_settings() const {
  const base::Lock lock(mutex_);
  return account_;
}

// In turn under the uid that no stream has.
void Streams::change_account(const aws::Call& call, DecideAccount decide,
                             aws::Done<AccountSettings> done) {
  using Told = std::expected<AccountSettings, aws::Fault>;
  auto answer = [&loop = call.loop, done = std::move(done)](Told told) mutable {
    loop.post(
        [done = std::move(done), told = std::move(told)]() mutable { done(std::move(told)); });
  };
  first().post([this, decide = std::move(decide), answer = std::move(answer)]() mutable {
    in_turn(Uid(), [this, decide = std::move(decide),
                    answer = std::move(answer)](base::Task release) mutable {
      const AccountSettings next = decide(account_settings());
      parts_.catalog.put_account(next, [this, next, release = std::move(release),
                                        answer = std::move(answer)](Result<void> kept) mutable {
        if (kept) {
          const base::Lock lock(mutex_);
          account_ = next;
        }
        release();
        if (!kept) return answer(std::unexpected(aws::fault_from(std::move(kept).error())));
        answer(next);
      });
    });
  });
}

}  // namespace hyd::streams
