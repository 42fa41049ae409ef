package io.tandem;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Local files by {@code test:} URLs, on which opening can be made slow, or can be made to fail, to
 * break or to hang for files of a name, and so can asking for their status. With {@code
 * test.open.millis} and {@code test.status.millis} it is slow for all.
 */
public final class TestFileSystem extends RawLocalFileSystem {
  /** What opening a file does, by its name. */
  public static final Map<String, Opening> OPENINGS = new ConcurrentHashMap<>();

  /** What asking for a file's status does, by its name. */
  public static final Map<String, Opening> STATUSES = new ConcurrentHashMap<>();

  /** Which threads have asked for a file's status, by its name. */
  public static final Map<String, String> ASKED = new ConcurrentHashMap<>();

  public static final AtomicInteger OPENED = new AtomicInteger();
  private static final AtomicInteger OPENING = new AtomicInteger();
  private static final AtomicInteger MOST_AT_ONCE = new AtomicInteger();
  private static final AtomicInteger ASKING = new AtomicInteger();
  private static final AtomicInteger MOST_ASKED_AT_ONCE = new AtomicInteger();

  /** Comes before the real opening. */
  public interface Opening {
    void before() throws IOException, InterruptedException;
  }

  /** The configuration in which {@code test:} means this. */
  public static Configuration configuration(long openMillis) {
    Configuration conf = new Configuration();
    conf.setClass("fs.test.impl", TestFileSystem.class, org.apache.hadoop.fs.FileSystem.class);
    conf.setLong("test.open.millis", openMillis);
    conf.setBoolean("fs.test.impl.disable.cache", true);
    return conf;
  }

  public static String url(Path file) {
    return "test:" + file.toAbsolutePath();
  }

  public static void reset() {
    OPENINGS.clear();
    STATUSES.clear();
    ASKED.clear();
    OPENED.set(0);
    MOST_AT_ONCE.set(0);
    MOST_ASKED_AT_ONCE.set(0);
  }

  /** How many files were being opened at the same time, at the most. */
  public static int mostAtOnce() {
    return MOST_AT_ONCE.get();
  }

  /** How many files' status was being asked for at the same time, at the most. */
  public static int mostAskedAtOnce() {
    return MOST_ASKED_AT_ONCE.get();
  }

  @Override
  public URI getUri() {
    return URI.create("test:///");
  }

  @Override
  public String getScheme() {
    return "test";
  }

  @Override
  public FileStatus getFileStatus(org.apache.hadoop.fs.Path path) throws IOException {
    ASKED.merge(path.getName(), Thread.currentThread().getName(), (a, b) -> a + "," + b);
    MOST_ASKED_AT_ONCE.accumulateAndGet(ASKING.incrementAndGet(), Math::max);
    try {
      Thread.sleep(getConf().getLong("test.status.millis", 0));
      Opening asking = STATUSES.get(path.getName());
      if (asking != null) {
        asking.before();
      }
      return super.getFileStatus(path);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FileNotFoundException("interrupted while asking for " + path);
    } finally {
      ASKING.decrementAndGet();
    }
  }

  @Override
  public FSDataInputStream open(org.apache.hadoop.fs.Path path, int bufferSize) throws IOException {
    OPENED.incrementAndGet();
    MOST_AT_ONCE.accumulateAndGet(OPENING.incrementAndGet(), Math::max);
    try {
      Thread.sleep(getConf().getLong("test.open.millis", 0));
      Opening opening = OPENINGS.get(path.getName());
      if (opening != null) {
        opening.before();
      }
      return super.open(path, bufferSize);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FileNotFoundException("interrupted while opening " + path);
    } finally {
      OPENING.decrementAndGet();
    }
  }
}
