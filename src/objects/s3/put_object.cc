// PutObject and UploadPart: the body goes to the disk piece by piece while it arrives, on workers,
// one piece at a time and in order; then its row is put, and then it is answered. 200 means that
// bytes and row survive any crash.
//
// At most kHeldBytes of a body wait in memory, and as many are being written: beyond that its
// connection is not read. All of it is a share of the memory for bodies (net/memory_budget.h),
// which always covers what is held and one block more. When that is not there the upload gets
// slower: what is held goes to the disk at once, however little, and its connection waits. So an
// upload that was begun always gets on; one that finds nothing at its beginning is answered
// SlowDown.
#include "objects/s3/put_object.h"

#include "objects/faults.h"
#include "objects/multipart.h"
#include "objects/s3/routes.h"
#include "objects/s3/upload.h"
#include "objects/tables.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace hyd::objects {
namespace {

constexpr std::size_t kPieceBytes = 256 * 1024;  // worth a worker's turn
constexpr std::size_t kHeldBytes = 1 << 20;
constexpr std::size_t kBlockBytes = 64 * 1024;     // the most that arrives at once
constexpr std::size_t kFramingBytes = 4096;        // of a small body
constexpr std::chrono::milliseconds kTryAgain{5};  // when the workers have no room

// Kept alive by its sink and by what is in flight. Everything runs on the loop but `upload_`, which
// belongs to the worker while `busy_`.
class Putting : public std::enable_shared_from_this<Putting> {
 public:
  Putting(S3Handler& handler, PutRequest request)
      : handler_(handler),
        long_(!request.length_known || request.length > kPieceBytes),
        block_bytes_(static_cast<std::size_t>(upload_room(request))),
        upload_(std::make_unique<Upload>(handler.store(), std::move(request))) {}

  void start(Reply reply) {
    reply_ = std::make_unique<Reply>(std::move(reply));
    if (!make_room()) return refuse_for_memory();
    if (long_) step();  // refused early, if it is to be refused
  }

  net::BodySink::Flow take(std::string_view bytes) {
    if (refused_) return net::BodySink::Flow::more;  // not wanted, the answer is on its way
    held_ += bytes;
    room_ = make_room();
    step();
    room_ = make_room();  // what was held may have gone to a worker
    if (room_ && held_.size() < kHeldBytes) return net::BodySink::Flow::more;
    paused_ = true;
    return net::BodySink::Flow::pause;
  }

  void end() {
    ended_ = true;
    step();
  }

  // The body will not come. What was written of it is removed, on a worker.
  void abort() {
    aborted_ = true;
    reply_ = nullptr;
    step();
  }

 private:
  void step() {
    if (busy_ || upload_ == nullptr) return;
    std::move_only_function<void()> task;
    if (aborted_ || refused_) {
      task = [self = shared_from_this()] { self->upload_ = nullptr; };
    } else if (ended_ || !room_ || held_.size() >= kPieceBytes || (long_ && !begun_)) {
      const bool first = !std::exchange(begun_, true);
      std::string piece;
      if (!held_.empty()) piece.swap(held_);
      in_flight_ = piece.capacity();
      task = [self = shared_from_this(), first, piece = std::move(piece), last = ended_] {
        self->work(first, piece, last);
      };
    } else {
      return;
    }
    std::move_only_function<void()> then = [self = shared_from_this()] { self->worked(); };
    busy_ = true;
    submit(std::move(task), std::move(then));
  }

  // Makes the share cover what is held, what is being written, and a block more.
  bool make_room() {
    if (ended_) return true;
    const std::size_t next = held_.size() + block_bytes_;
    // What a text grows to by itself: twice its size at least.
    const std::size_t capacity =
        next <= held_.capacity() ? held_.capacity() : std::max(next, 2 * held_.capacity());
    if (!share_.hold(handler_.parts().body_memory, in_flight_ + capacity)) return false;
    held_.reserve(capacity);
    return true;
  }

  void refuse_for_memory() {
    handler_.parts().body_memory->count_refused();
    refused_ = true;
    upload_ = nullptr;  // it has no file yet
    reply_->fail(no_memory(), {{"Retry-After", "1"}});
    reply_ = nullptr;
  }

  void submit(std::move_only_function<void()> task, std::move_only_function<void()> then) {
    if (handler_.submit(task, then)) return;
    // The connection is paused meanwhile, so nothing grows.
    handler_.parts().loop.after(kTryAgain, [self = shared_from_this(), task = std::move(task),
                                            then = std::move(then)]() mutable {
      self->submit(std::move(task), std::move(then));
    });
  }

  // On a worker.
  void work(bool first, std::string_view piece, bool last) {
    aws::Outcome<void> done;
    if (first) done = upload_->begin();
    if (done) done = upload_->feed(piece);
    if (done && last) {
      aws::Outcome<Staged> staged = upload_->finish();
      if (staged) {
        staged_ = std::make_unique<const Staged>(*std::move(staged));
      } else {
        done = std::move(staged).error();
      }
    }
    if (!done) fault_ = std::move(done).error();
  }

  void worked() {
    busy_ = false;
    in_flight_ = 0;
    if (upload_ == nullptr) return;  // thrown away
    if (fault_ && !refused_) {
      refused_ = true;
      std::string().swap(held_);
      share_.reset();
      resume();
      if (reply_) reply_->fail(*std::move(fault_));
      reply_ = nullptr;
      return step();
    }
    if (staged_) return commit();
    room_ = make_room();
    step();
    room_ = make_room();
    if (room_) resume();
  }

  void resume() {
    if (std::exchange(paused_, false) && reply_) reply_->responder().resume_body();
  }

  void commit() {
    auto self = shared_from_this();
    handler_.change(
        catalog::Lane::object,
        [self](catalog::Transaction& in) -> base::Result<std::optional<aws::Fault>> {
          const Staged& staged = *self->staged_;
          ASSIGN_OR_RETURN(const std::optional<Bucket> bucket, find_bucket(in, staged.bucket));
          if (!bucket) return std::optional<aws::Fault>(no_such_bucket(staged.bucket));
          const PutRequest& request = self->upload_->request();
          if (request.part) return self->commit_part(in, *bucket, *request.part);
          const WriteConditions& conditions = request.conditions;
          if (conditions.if_match || conditions.if_none_match) {
            ASSIGN_OR_RETURN(const std::optional<Object> there,
                             find_object(in, {.bucket = bucket->id, .key = staged.object.key}));
            auto fault = refuse_write(conditions, there ? &*there : nullptr, staged.object.key);
            if (fault) return fault;
          }
          RETURN_IF_ERROR(self->handler_.store().commit(in, staged));
          return std::optional<aws::Fault>();
        },
        [self](std::optional<aws::Fault> fault) { self->committed(std::move(fault)); });
  }

  // On the catalog writer's thread.
  base::Result<std::optional<aws::Fault>> commit_part(catalog::Transaction& in,
                                                      const Bucket& bucket,
                                                      const PartTarget& target) {
    const Object& object = staged_->object;
    ASSIGN_OR_RETURN(
        const std::optional<UploadRow> upload,
        find_upload(in, {.bucket = bucket.id, .key = object.key, .name = target.upload}));
    if (!upload) return std::optional<aws::Fault>(no_such_upload(target.upload));
    RETURN_IF_ERROR(put_part(in, upload->id,
                             {.number = target.number,
                              .blob = object.blob,
                              .size = object.size,
                              .etag = object.etag,
                              .crc64 = object.crc64,
                              .checksum = object.checksum,
                              .modified = object.modified}));
    handler_.store().expect_garbage();
    return std::optional<aws::Fault>();
  }

  void committed(std::optional<aws::Fault> fault) {
    if (!fault) {
      if (auto passed = handler_.store().runtime().fail_points().pass("objects.committed");
          !passed) {
        fault = fault_of(std::move(passed).error());
      } else {
        answer();
        return handler_.tidy();
      }
    } else {
      std::move_only_function<void()> task = [self = shared_from_this()] {
        self->handler_.store().discard(*self->staged_);
      };
      std::move_only_function<void()> then = [self = shared_from_this()] {};
      submit(std::move(task), std::move(then));
    }
    reply_->fail(*std::move(fault));
    reply_ = nullptr;
  }

  void answer() {
    const Object& object = staged_->object;
    net::Response response;
    response.add("ETag", "\"" + object.etag + "\"");
    // Of a part only the sum that was sent.
    const PutRequest& request = upload_->request();
    const std::optional<Algorithm> one = algorithm_named(object.checksum.algorithm);
    if (one && (!request.part || request.checksum)) {
      response.add(info(*one).header, object.checksum.value);
      if (!request.part) response.add("x-amz-checksum-type", "FULL_OBJECT");
    }
    reply_->send(std::move(response));
    reply_ = nullptr;
  }

  S3Handler& handler_;
  const bool long_;                // more than one piece, or nobody knows
  std::unique_ptr<Reply> reply_;   // until it is answered: the last owner may be another thread
  const std::size_t block_bytes_;  // kBlockBytes, or the whole body
  std::string held_;
  std::size_t in_flight_ = 0;  // the memory of what a worker is writing
  net::MemoryShare share_;
  bool room_ = true;
  bool begun_ = false;
  bool busy_ = false;
  bool paused_ = false;
  bool ended_ = false;
  bool aborted_ = false;
  bool refused_ = false;
  std::unique_ptr<Upload> upload_;
  std::unique_ptr<const Staged> staged_;  // written by the worker that finishes
  std::optional<aws::Fault> fault_;
};

class PutSink final : public net::BodySink {
 public:
  PutSink(S3Handler& handler, PutRequest request, aws::RequestId id)
      : handler_(handler),
        id_(id),
        putting_(std::make_shared<Putting>(handler, std::move(request))) {}
  ~PutSink() override {
    if (!ended_) putting_->abort();
  }
  void start(net::Request, net::Responder respond) override {
    putting_->start(Reply(handler_, std::move(respond), id_));
  }
  Flow on_bytes(std::string_view bytes) override { return putting_->take(bytes); }
  void on_end() override {
    ended_ = true;
    putting_->end();
  }
  void on_abort(base::Code) override {
    ended_ = true;
    putting_->abort();
  }

 private:
  S3Handler& handler_;
  const aws::RequestId id_;
  std::shared_ptr<Putting> putting_;
  bool ended_ = false;
};

}  // namespace

std::uint64_t upload_room(const PutRequest& request) {
  // With a whole block it is more than a small body may have.
  static_assert(kBlockBytes + kFramingBytes > net::MemoryBudget::kSmallBytes);
  const std::uint64_t block = request.length_known ? request.length : kBlockBytes;
  return std::min<std::uint64_t>(block, kBlockBytes) + kFramingBytes;
}

std::unique_ptr<net::BodySink> put_object_sink(S3Handler& handler, PutRequest request,
                                               aws::RequestId id) {
  return std::make_unique<PutSink>(handler, std::move(request), id);
}

void put_object(S3Handler& handler, Ask ask) {
  if (ask.head().find("x-amz-copy-source")) {
    if (ask.parameter("uploadId") != nullptr) return copy_part(handler, std::move(ask));
    return copy_object(handler, std::move(ask));
  }
  aws::Outcome<PutRequest> request =
      read_put_request(ask.head(), ask.caller, std::move(ask.address));
  if (!request) return ask.reply.fail(std::move(request).error());
  auto putting = std::make_shared<Putting>(handler, *std::move(request));
  putting->start(std::move(ask.reply));
  putting->take(ask.request.body());
  putting->end();
}

}  // namespace hyd::objects
