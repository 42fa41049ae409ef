package io.tandem.quarantine;

import io.tandem.lane.DueFrame;
import io.tandem.lane.FrameResult;
import io.tandem.lane.Lane;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * A lane that predicts suspects alone: while it does, no other lane of this JVM predicts; what
 * others decode ahead goes on. A quarantined frame gets an error instead of a result. Closes the
 * lane.
 */
public final class GuardedLane implements AutoCloseable {
  private static final String QUARANTINED =
      "quarantined: two processes ended while they predicted this frame, the second one alone";

  /** Lanes share it; the one that predicts a suspect has it alone. */
  private static final ReadWriteLock TURNS = new ReentrantReadWriteLock(true);

  private final Lane lane;
  private final Watch watch;
  private final Window window;

  GuardedLane(Lane lane, Iterator<DueFrame> frames, Watch watch) {
    this.lane = lane;
    this.watch = watch;
    this.window = new Window(frames);
  }

  /** Returns whether a frame is left. */
  public boolean hasNext() {
    return lane.hasNext(window) || window.peek() != null;
  }

  /** Processes the next batch, and returns a result for each of its frames, in order. */
  public List<FrameResult> next() {
    if (!lane.hasNext(window)) {
      window.open();
    }
    Lock turn = window.isAlone() ? TURNS.writeLock() : TURNS.readLock();
    turn.lock();
    try {
      List<FrameResult> results = lane.next(window);
      results.forEach(result -> watch.end(result.frame()));
      return results;
    } finally {
      turn.unlock();
    }
  }

  /** Completes what consists of the pictures of several frames, after the last one. */
  public void finish() {
    lane.finish();
  }

  @Override
  public void close() {
    try (watch) {
      lane.close();
    }
  }

  /** The frames that the lane may take at the moment: those up to the next suspect, or one. */
  private final class Window implements Iterator<DueFrame> {
    private final Iterator<DueFrame> frames;
    private @Nullable DueFrame first;
    private boolean open;
    private boolean single;
    private Standing standing = Standing.CLEAR;

    Window(Iterator<DueFrame> frames) {
      this.frames = frames;
    }

    @Nullable DueFrame peek() {
      if (first == null && frames.hasNext()) {
        first = frames.next();
      }
      return first;
    }

    /** Lets the lane take the next frame, and those after it that may be predicted with it. */
    void open() {
      DueFrame due = peek();
      if (due == null) {
        throw new NoSuchElementException("no frames left");
      }
      standing = watch.standing(due.frame());
      single = watch.isOneByOne() || standing != Standing.CLEAR;
      open = true;
    }

    boolean isAlone() {
      return standing == Standing.SUSPECT;
    }

    @Override
    public boolean hasNext() {
      if (!open) {
        return false;
      }
      DueFrame due = peek();
      return due != null && (single || watch.standing(due.frame()) == Standing.CLEAR);
    }

    @Override
    public DueFrame next() {
      DueFrame due = peek();
      if (due == null) {
        throw new NoSuchElementException("no frames left");
      }
      first = null;
      open = !single;
      if (standing == Standing.QUARANTINED) {
        return new DueFrame(due.frame().withProblem(QUARANTINED), due.pass());
      }
      watch.begin(due.frame(), isAlone());
      return due;
    }
  }
}
