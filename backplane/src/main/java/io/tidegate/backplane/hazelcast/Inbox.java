package io.tidegate.backplane.hazelcast;

import io.tidegate.backplane.Payload;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Where messages of other nodes wait for the node's thread. Thread-safe; bounded in bytes, and what
 * does not fit is refused, so that its sender knows.
 */
final class Inbox {
  private static final long BYTES_AT_MOST = 32L << 20;
  private static final long BYTES_PER_MESSAGE = 256;

  private final Executor thread;
  private final Consumer<Parcel> parcels;
  private final Consumer<Question> questions;
  private final Consumer<Reply> replies;
  private final Consumer<ServiceMail> mails;
  private final AtomicLong bytes = new AtomicLong();

  Inbox(
      Executor thread,
      Consumer<Parcel> parcels,
      Consumer<Question> questions,
      Consumer<Reply> replies,
      Consumer<ServiceMail> mails) {
    this.thread = thread;
    this.parcels = parcels;
    this.questions = questions;
    this.replies = replies;
    this.mails = mails;
  }

  boolean put(Parcel parcel) {
    return put(parcel.bytes(), () -> parcels.accept(parcel));
  }

  boolean put(Question question) {
    return put(question.command().body().length(), () -> questions.accept(question));
  }

  boolean put(Reply reply) {
    Payload body = reply.answer().body();
    return put(body == null ? 0 : body.length(), () -> replies.accept(reply));
  }

  boolean put(ServiceMail mail) {
    return put(mail.answer().data().length(), () -> mails.accept(mail));
  }

  private boolean put(long weight, Runnable task) {
    long added = weight + BYTES_PER_MESSAGE;
    if (bytes.addAndGet(added) > BYTES_AT_MOST) {
      bytes.addAndGet(-added);
      return false;
    }
    thread.execute(
        () -> {
          bytes.addAndGet(-added);
          task.run();
        });
    return true;
  }
}
