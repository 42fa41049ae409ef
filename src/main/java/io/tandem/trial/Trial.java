package io.tandem.trial;

import io.tandem.conf.ModelScope;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One setting measured. Its {@link #id} holds all of it, so that recorded rows need nothing else.
 *
 * @param again whether it is the same setting as another trial, measured a second time
 * @param contender who does the work by means of their own, and names the trial; null where we do
 */
public record Trial(
    String device,
    int concurrency,
    int intraOpThreads,
    int batchSize,
    String precision,
    ModelScope modelScope,
    boolean again,
    @Nullable String contender) {
  private static final Pattern ID =
      Pattern.compile("(cpu|gpu)-(\\d+)x(\\d+)-b(\\d+)-(.+)-(executor|task|prediction)(-again)?");

  public Trial(
      String device,
      int concurrency,
      int intraOpThreads,
      int batchSize,
      String precision,
      ModelScope modelScope) {
    this(device, concurrency, intraOpThreads, batchSize, precision, modelScope, false, null);
  }

  /**
   * Such as {@code cpu-2x1-b8-fp32-executor}: device, lanes x threads, batch, precision, scope; a
   * contender's is its name, and says nothing of its setting.
   */
  public String id() {
    return contender != null ? contender : setting();
  }

  /** The id that we would give to a trial like this one. */
  public String setting() {
    return name(Integer.toString(concurrency)) + (again ? "-again" : "");
  }

  /** The same setting, measured by the means of a contender of this name. */
  public Trial by(String contender) {
    return new Trial(
        device, concurrency, intraOpThreads, batchSize, precision, modelScope, again, contender);
  }

  public boolean isContender() {
    return contender != null;
  }

  /** What it has in common with trials of another concurrency: its id with N for the lanes. */
  public String series() {
    return contender != null ? contender : name("N");
  }

  private String name(String lanes) {
    return "%s-%sx%d-b%d-%s-%s"
        .formatted(
            device,
            lanes,
            intraOpThreads,
            batchSize,
            precision,
            modelScope.name().toLowerCase(Locale.ROOT));
  }

  /** Whether it can be a plan's second baseline: one lane on the CPU with several threads. */
  public boolean isAllCores() {
    return contender == null && device.equals("cpu") && concurrency == 1 && intraOpThreads > 1;
  }

  /** How many cores its lanes can use. */
  public int processors(int cores) {
    return Math.min(concurrency * intraOpThreads, cores);
  }

  /** The trial of an {@link #id}, unless that is a contender's. */
  public static Trial of(String id) {
    Matcher m = ID.matcher(id);
    if (!m.matches()) {
      throw new IllegalArgumentException("not a trial: " + id);
    }
    return new Trial(
        m.group(1),
        Integer.parseInt(m.group(2)),
        Integer.parseInt(m.group(3)),
        Integer.parseInt(m.group(4)),
        m.group(5),
        ModelScope.valueOf(m.group(6).toUpperCase(Locale.ROOT)),
        m.group(7) != null,
        null);
  }
}
