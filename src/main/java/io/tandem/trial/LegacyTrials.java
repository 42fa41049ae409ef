package io.tandem.trial;

import io.tandem.conf.Device;
import io.tandem.conf.DeviceChoice;
import io.tandem.conf.Export;
import io.tandem.conf.LaneConfig;
import io.tandem.conf.ModelScope;
import io.tandem.trial.Trial.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the trials of run folders without a table of trials: their ids hold the settings. Nothing
 * else parses an id.
 */
public final class LegacyTrials {
  private static final Pattern ID =
      Pattern.compile("(cpu|gpu)-(\\d+)x(\\d+)-b(\\d+)-(.+)-(executor|task|prediction)(-again)?");

  private LegacyTrials() {}

  /**
   * Returns the trials of these ids.
   *
   * @param ids the serial baseline first, then the all-core baseline where there is one
   * @param external of each trial of another implementation, the id of our most similar setting
   */
  public static List<Trial> of(List<String> ids, Map<String, String> external) {
    List<Trial> trials = new ArrayList<>();
    for (String id : ids) {
      String like = external.get(id);
      trials.add(like == null ? parsed(id, trials.size()) : parsed(like, ids.size()).by(id));
    }
    return trials;
  }

  private static Trial parsed(String id, int place) {
    Matcher m = ID.matcher(id);
    if (!m.matches()) {
      throw new IllegalArgumentException("not the id of a trial: " + id);
    }
    String export = m.group(5);
    String engine = export.equals("sleep") ? "synthetic" : "pytorch";
    LaneConfig lane =
        new LaneConfig(
            DeviceChoice.of(Device.Kind.of(m.group(1))),
            Integer.parseInt(m.group(3)),
            Integer.parseInt(m.group(4)),
            new Export(export, engine, export),
            ModelScope.valueOf(m.group(6).toUpperCase(Locale.ROOT)));
    int concurrency = Integer.parseInt(m.group(2));
    return new Trial(id, lane, concurrency, role(lane, concurrency, place, m.group(7) != null));
  }

  private static Role role(LaneConfig lane, int concurrency, int place, boolean repeat) {
    boolean allCores =
        lane.device() == DeviceChoice.CPU && concurrency == 1 && lane.intraOpThreads() > 1;
    if (repeat) {
      return Role.REPEAT;
    }
    if (place == 0) {
      return Role.SERIAL_BASELINE;
    }
    return place == 1 && allCores ? Role.ALL_CORE_BASELINE : Role.VARIANT;
  }
}
