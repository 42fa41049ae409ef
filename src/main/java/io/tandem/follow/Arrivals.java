package io.tandem.follow;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;

/**
 * The files that were taken, and those that have arrived since, by their path below the folder.
 * Times of looks are of the driver's monotonic clock: clocks of file systems differ, and programs
 * set modification times as they like.
 */
final class Arrivals {
  private final long settleNanos;
  private final Map<String, State> taken = new HashMap<>();
  private Map<String, Seen> arrived = new HashMap<>();

  /**
   * Creates them without files.
   *
   * @param settleNanos how long a file must have been the same, in nanoseconds
   */
  Arrivals(long settleNanos) {
    this.settleNanos = settleNanos;
  }

  private record State(long length, long modifiedMs) {
    static State of(FileStatus status) {
      return new State(status.getLen(), status.getModificationTime());
    }
  }

  private record Seen(State state, long sinceNanos) {}

  /** Says whether a file is still being written. */
  interface Openness {
    boolean isOpen(FileStatus file) throws IOException;
  }

  /** Notes that a file was taken. */
  void take(String name, ArrivedFile file) {
    taken.put(name, new State(file.length(), file.modifiedMs()));
    arrived.remove(name);
  }

  /** Begins a look at all files of the folder. */
  Look look(Openness openness) {
    return new Look(System.nanoTime(), openness);
  }

  /** What a look finds. It counts when it has ended: a look that fails changes nothing. */
  final class Look {
    private final long now;
    private final Openness openness;
    private final Map<String, Seen> found = new HashMap<>();
    private final Map<String, State> changes = new HashMap<>();
    private final List<ArrivedFile> settled = new ArrayList<>();
    private final List<String> unsettled = new ArrayList<>();

    private Look(long now, Openness openness) {
      this.now = now;
      this.openness = openness;
    }

    /** Sees a file. */
    void see(String name, FileStatus file) throws IOException {
      State state = State.of(file);
      State then = taken.get(name);
      if (then != null) {
        if (!then.equals(state)) {
          changes.put(name, state);
        }
        return;
      }
      Seen before = arrived.get(name);
      Seen seen = before != null && before.state.equals(state) ? before : new Seen(state, now);
      found.put(name, seen);
      if (now - seen.sinceNanos >= settleNanos && !openness.isOpen(file)) {
        settled.add(new ArrivedFile(file.getPath().toString(), state.length, state.modifiedMs));
      } else {
        unsettled.add(name);
      }
    }

    /** Ends the look, after all files. */
    void end() {
      arrived = found;
      taken.putAll(changes);
      settled.sort(
          Comparator.comparingLong(ArrivedFile::modifiedMs).thenComparing(ArrivedFile::path));
    }

    /** Returns the files to take, in the order of their modification times. */
    List<ArrivedFile> settled() {
      return settled;
    }

    /** Returns the names of the files that are new, or have changed since the last look. */
    List<String> unsettled() {
      return unsettled;
    }

    /** Returns the names of the files that have changed since they were taken, or since a look. */
    List<String> changed() {
      return changes.keySet().stream().sorted().toList();
    }
  }
}
