package io.tandem.run;

import io.tandem.conf.Device;
import io.tandem.conf.DeviceChoice;
import io.tandem.conf.Export;
import io.tandem.conf.LaneConfig;
import io.tandem.conf.ModelScope;
import io.tandem.text.RunJson;
import io.tandem.trial.Environment;
import io.tandem.trial.ExternalInfo;
import io.tandem.trial.Rules;
import io.tandem.trial.Trial;
import io.tandem.trial.Trial.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of runs of format 1: one flat {@code environment.json} without a version, and
 * no table of trials; their settings are parsed from the trial ids. Only this class parses an id.
 */
final class LegacyRun {
  private static final Pattern ID =
      Pattern.compile("(cpu|gpu)-(\\d+)x(\\d+)-b(\\d+)-(.+)-(executor|task|prediction)(-again)?");

  private LegacyRun() {}

  private record Flat(
      String tandem,
      String spark,
      String hadoop,
      String engine,
      String java,
      String os,
      String cpu,
      int cores,
      int gpus,
      String master,
      int slots,
      String model,
      String fingerprint,
      int frames,
      long frameBytes,
      List<String> trials,
      Object decodeThreads,
      @Nullable Map<String, Boolean> engineOptions,
      @Nullable Map<String, External> contenders,
      Rules rules,
      Environment.@Nullable Manifest manifest,
      @Nullable String jpegDecoder) {}

  /**
   * A trial of an external implementation.
   *
   * @param setting the id of the most similar trial of Tandem
   */
  private record External(String setting, String title, String remark, String note) {}

  /** Returns the record in an {@code environment.json} of format 1. */
  static RunRecord read(String json) {
    Flat f = RunJson.read(json, Flat.class);
    return new RunRecord(
        new Environment(
            new Environment.Software(
                f.tandem(), f.spark(), f.hadoop(), f.engine(), f.java(), f.os()),
            new Environment.Machine(
                f.cpu(),
                f.cores(),
                f.gpus(),
                f.master(),
                f.slots(),
                decodeThreads(f.decodeThreads())),
            new Environment.Model(
                f.model(),
                f.fingerprint(),
                null,
                null,
                Objects.requireNonNullElse(f.engineOptions(), Map.of())),
            new Environment.Frames(f.frames(), f.frameBytes(), f.manifest(), f.jpegDecoder()),
            f.rules()),
        trials(f.trials(), Objects.requireNonNullElse(f.contenders(), Map.of())));
  }

  /** Returns the decode threads by device; the oldest runs recorded one number for all devices. */
  private static Map<String, Integer> decodeThreads(Object recorded) {
    if (recorded instanceof Integer both) {
      return Map.of(Device.Kind.CPU.toString(), both, Device.Kind.GPU.toString(), both);
    }
    @SuppressWarnings("unchecked")
    Map<String, Integer> byKind = (Map<String, Integer>) recorded;
    return byKind;
  }

  private static List<Trial> trials(List<String> ids, Map<String, External> externals) {
    List<Trial> trials = new ArrayList<>();
    for (String id : ids) {
      External external = externals.get(id);
      trials.add(
          external == null
              ? parsed(id, trials.size())
              : parsed(external.setting(), ids.size())
                  .by(id, new ExternalInfo(external.title(), external.remark(), external.note())));
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
    Role role = role(lane, concurrency, place, m.group(7) != null);
    return new Trial(id, lane, concurrency, role, null);
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
