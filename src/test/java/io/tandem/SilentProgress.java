package io.tandem;

import io.tandem.spark.Progress;
import java.util.ArrayList;
import java.util.List;

/** A progress that prints nothing, and keeps the lines that a job said. */
public final class SilentProgress implements Progress {
  private final List<String> said = new ArrayList<>();

  @Override
  public void say(String line) {
    said.add(line);
  }

  @Override
  public void at(long done, long total, String unit) {}

  @Override
  public void done() {}

  /** Returns the lines so far, in their order. */
  public List<String> said() {
    return said;
  }
}
