package io.tandem.frame;

import io.tandem.source.VideoListing;
import io.tandem.source.VideoRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;

/** The packets of a video in the order of the file, and the frames that they make up. */
final class VideoPackets {
  private static final long NONE = avutil.AV_NOPTS_VALUE;

  /** A clock of 90 kHz that goes back by more than a second was set again. */
  private static final long JUMP = 90_000;

  /** A whole number of microseconds in ticks of 90 kHz. */
  private static final long EXACT = 9;

  private final boolean soughtInBytes;
  private long[] pts = new long[1024];
  private long[] dts = new long[1024];
  private final List<Key> keys = new ArrayList<>();
  private int size;
  private int hidden;
  private int doubled;

  /** What is added to the times of the file, because its clock was set back. */
  private long shift;

  private long lastDts = NONE;
  private long duration;
  private boolean awaitsKey;
  private int truncated;
  private int damagedFrom = Integer.MAX_VALUE;
  private @Nullable String damage;
  private boolean isTimed = true;
  private long bytes;

  /**
   * A keyframe.
   *
   * @param frame how many frames are before it in the file
   * @param pts its time, which is {@code shift} more than the file says
   * @param bytesBefore the bytes of the packets before it
   */
  private record Key(int frame, long pts, long dts, long shift, long position, long bytesBefore) {}

  VideoPackets(boolean soughtInBytes) {
    this.soughtInBytes = soughtInBytes;
  }

  /** Returns the number of packets so far. */
  int size() {
    return size + hidden;
  }

  /**
   * Adds a packet.
   *
   * @param isShown whether its frame is shown, and not only decoded for others
   */
  void add(AVPacket packet, boolean isKey, boolean isShown) {
    if (isWithoutClock(packet, isKey)) {
      return;
    }
    long time = packet.pts() == NONE ? NONE : packet.pts() + shift;
    isTimed &= packet.pts() != NONE;
    // A frame in the middle of a transport stream's packet has no position to begin at.
    if (isKey && !(soughtInBytes && packet.pos() < 0)) {
      keys.add(new Key(size, time, packet.dts(), shift, packet.pos(), bytes));
    }
    bytes += packet.size();
    if (!isShown) {
      hidden++;
      return;
    }
    if (size == pts.length) {
      pts = Arrays.copyOf(pts, 2 * size);
      dts = Arrays.copyOf(dts, 2 * size);
    }
    pts[size] = time;
    dts[size] = packet.dts() == NONE ? NONE : packet.dts() + shift;
    size++;
  }

  /**
   * Continues the clock where the file sets it back, as joined recordings do: at the next keyframe,
   * because the frames before it cannot be decoded.
   *
   * @return whether the packet comes after such a place, and before the keyframe
   */
  private boolean isWithoutClock(AVPacket packet, boolean isKey) {
    if (!soughtInBytes || packet.dts() == NONE) {
      return awaitsKey;
    }
    long decoded = packet.dts() + shift;
    awaitsKey |= lastDts != NONE && decoded < lastDts - JUMP;
    if (awaitsKey && !isKey) {
      damaged("its clock goes back, and no keyframe follows at once");
      return true;
    }
    if (awaitsKey) {
      awaitsKey = false;
      long back = lastDts + duration - decoded;
      shift += (back + EXACT - 1) / EXACT * EXACT;
    } else if (lastDts != NONE) {
      duration = Math.max(0, decoded - lastDts);
    }
    lastDts = packet.dts() + shift;
    return false;
  }

  /** Notes that the file ends before the data of a frame. */
  void truncated() {
    truncated++;
  }

  /**
   * Notes that something cannot be read after the packets so far.
   *
   * @param said what FFmpeg says of it; may be empty
   */
  void damaged(String said) {
    if (damage == null) {
      damage = said.isEmpty() ? "it ends early, or its container is damaged" : said;
      damagedFrom = size;
    }
  }

  /**
   * Returns the frames.
   *
   * @param claimed how many the header has; 0 if it does not say
   */
  VideoListing listing(VideoInput input, long claimed, boolean interlaced) throws FrameException {
    long missing = Math.max(truncated, claimed - size - hidden);
    if (size == 0) {
      throw new FrameException(
          truncated > 0 || damage != null
              ? "truncated or damaged: %s".formatted(damage == null ? "no frame is whole" : damage)
              : "has a video without frames");
    }
    long[] times = isTimed ? Arrays.copyOf(pts, size) : decodingTimes(input);
    long damagedAt =
        damagedFrom < size && isTimed ? input.micros(pts[damagedFrom]) : Long.MAX_VALUE;
    List<Key> known = known(input.parameters().video_delay() > 0);
    long[] keyTimes =
        known.stream()
            .mapToLong(key -> isTimed ? key.pts : times[Math.min(key.frame, size - 1)])
            .toArray();
    long[] shown = shown(times, input);
    // Frames before the first keyframe cannot be decoded; players do not show them either.
    int from = isTimed ? atLeast(shown, input.micros(keyTimes[0])) : known.get(0).frame;
    List<VideoListing.Keyframe> keyframes = new ArrayList<>();
    for (int i = 0; i < known.size(); i++) {
      Key key = known.get(i);
      long end = i + 1 < known.size() ? known.get(i + 1).bytesBefore : bytes;
      int first = isTimed ? atLeast(shown, input.micros(keyTimes[i])) : key.frame;
      keyframes.add(
          new VideoListing.Keyframe(
              first - from,
              input.micros(keyTimes[i]),
              seek(input, key, keyTimes[i]),
              end - key.bytesBefore));
    }
    long[] micros = Arrays.copyOfRange(shown, from, shown.length);
    int numbered = 0;
    while (numbered < micros.length && micros[numbered] < damagedAt) {
      numbered++;
    }
    return new VideoListing(
        micros,
        isTimed,
        keyframes,
        new VideoListing.Findings(
            problem(missing, claimed), note(interlaced, from), numbered, input.readBytes()));
  }

  /**
   * Returns the times of the frames in microseconds, ascending. Of frames with the same time only
   * one has an identity.
   */
  private long[] shown(long[] times, VideoInput input) {
    long[] sorted = Arrays.stream(times).map(input::micros).sorted().toArray();
    long[] shown = isTimed ? Arrays.stream(sorted).distinct().toArray() : sorted;
    doubled = sorted.length - shown.length;
    return shown;
  }

  /**
   * Returns the keyframes at which decoding can start: only the first one if pictures change their
   * order and have no times, because then nobody knows which one comes first.
   */
  private List<Key> known(boolean reorders) {
    if (keys.isEmpty()) {
      return List.of(new Key(0, pts[0], dts[0], 0, 0, 0));
    }
    return isTimed || !reorders ? keys : keys.subList(0, 1);
  }

  private VideoRun.Seek seek(VideoInput input, Key key, long time) {
    if (soughtInBytes) {
      return new VideoRun.Seek(key.position, true, input.micros(key.shift));
    }
    boolean byDecoding = input.isSoughtByDecodingTime() && key.dts != NONE;
    return new VideoRun.Seek(byDecoding ? key.dts : time, false, 0);
  }

  /**
   * Returns times for frames that have none: those at which they are decoded, if they ascend; even
   * ones otherwise.
   */
  private long[] decodingTimes(VideoInput input) {
    long[] times = Arrays.copyOf(dts, size);
    boolean ascend = times[0] != NONE;
    for (int i = 1; i < size; i++) {
      ascend &= times[i] > times[i - 1]; // The lowest value stands for none.
    }
    if (!ascend) {
      AVRational rate = input.stream().avg_frame_rate();
      AVRational unit = input.stream().time_base();
      long num = (long) rate.den() * unit.den();
      long den = Math.max(1, (long) rate.num() * unit.num());
      for (int i = 0; i < size; i++) {
        times[i] = avutil.av_rescale(i, Math.max(1, num), den);
      }
    }
    return times;
  }

  private @Nullable String problem(long missing, long claimed) {
    if (missing > 0) {
      return "truncated: its header lists %,d frames, and the file ends before the last %,d"
          .formatted(Math.max(claimed, size + hidden + missing), missing);
    }
    if (damage == null && doubled > 0) {
      return "%,d of its frames have the time of another one, and are not predicted"
          .formatted(doubled);
    }
    return damage == null ? null : "damaged after %,d frames: %s".formatted(damagedFrom, damage);
  }

  private static @Nullable String note(boolean interlaced, int early) {
    if (interlaced) {
      return "is interlaced: the two fields of a frame are predicted as one picture";
    }
    return early == 0
        ? null
        : "begins with %,d frames before its first keyframe, which cannot be decoded"
            .formatted(early);
  }

  /** Returns the index of the first of the ascending times that is at least this one. */
  private static int atLeast(long[] times, long time) {
    int at = Arrays.binarySearch(times, time);
    if (at < 0) {
      return -at - 1;
    }
    while (at > 0 && times[at - 1] == time) {
      at--;
    }
    return at;
  }
}
