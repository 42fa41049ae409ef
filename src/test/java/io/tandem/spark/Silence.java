package io.tandem.spark;

/** Says nothing. */
public final class Silence implements Progress {
  @Override
  public void say(String line) {}

  @Override
  public void at(long done, long total, String unit) {}

  @Override
  public void done() {}
}
