package io.tandem.quarantine;

import io.tandem.lane.DueFrame;
import io.tandem.lane.Lane;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What tasks are told when they start.
 *
 * @param standings the suspects and quarantined frames so far
 */
public record Guard(Map<String, Standing> standings) implements Serializable {
  public Guard {
    standings = new HashMap<>(standings); // Spark serializes it.
  }

  /**
   * Returns a guarded lane of which nobody notes what it works on: on whichever frame its process
   * ends, Spark repeats the task.
   */
  public static GuardedLane unwatched(Lane lane, Iterator<DueFrame> frames) {
    return new GuardedLane(lane, frames, new Watch.Known(Map.of()));
  }

  /** Guards the lane of the running task. */
  public GuardedLane lane(Lane lane, Iterator<DueFrame> frames) {
    try {
      return new GuardedLane(lane, frames, watch());
    } catch (RuntimeException e) {
      lane.close();
      throw e;
    }
  }

  private Watch watch() {
    Watch known = new Watch.Known(standings);
    FramesInWork here = FramesInWork.ofThisJvm();
    if (here != null) {
      return here.watch(known);
    }
    @Nullable Watch announced = QuarantinePlugin.watchOfThisTask();
    return announced == null ? known : announced;
  }
}
