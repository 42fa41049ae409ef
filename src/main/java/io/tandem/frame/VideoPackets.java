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

  private final boolean soughtInBytes;
  private long[] pts = new long[1024];
  private long[] dts = new long[1024];
  private final List<Key> keys = new ArrayList<>();
  private int size;
  private int truncated;
  private int damagedFrom = Integer.MAX_VALUE;
  private @Nullable String damage;
  private boolean isTimed = true;
  private long bytes;

  /** A keyframe: which packet it is, its position in the file, and the bytes before it. */
  private record Key(int packet, long position, long bytesBefore) {}

  VideoPackets(boolean soughtInBytes) {
    this.soughtInBytes = soughtInBytes;
  }

  int size() {
    return size;
  }

  /** Adds the packet of a frame. */
  void add(AVPacket packet, boolean isKey) {
    if (size == pts.length) {
      pts = Arrays.copyOf(pts, 2 * size);
      dts = Arrays.copyOf(dts, 2 * size);
    }
    pts[size] = packet.pts();
    dts[size] = packet.dts();
    isTimed &= packet.pts() != NONE;
    // A frame in the middle of a transport stream's packet has no position to begin at.
    if (isKey && !(soughtInBytes && packet.pos() < 0)) {
      keys.add(new Key(size, packet.pos(), bytes));
    }
    bytes += packet.size();
    size++;
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
    long missing = Math.max(truncated, claimed - size);
    if (size == 0) {
      throw new FrameException(
          truncated > 0 || damage != null
              ? "truncated or damaged: %s".formatted(damage == null ? "no frame is whole" : damage)
              : "has a video without frames");
    }
    long[] shown = isTimed ? Arrays.copyOf(pts, size) : decodingTimes(input);
    long damagedAt = damagedFrom < size && isTimed ? pts[damagedFrom] : Long.MAX_VALUE;
    List<Key> known = known(input.parameters().video_delay() > 0);
    long[] keyTimes = known.stream().mapToLong(key -> shown[key.packet]).toArray();
    Arrays.sort(shown);
    // Frames before the first keyframe cannot be decoded; players do not show them either.
    int from = isTimed ? atLeast(shown, keyTimes[0]) : known.get(0).packet;
    List<VideoListing.Keyframe> keyframes = new ArrayList<>();
    for (int i = 0; i < known.size(); i++) {
      Key key = known.get(i);
      long end = i + 1 < known.size() ? known.get(i + 1).bytesBefore : bytes;
      int first = isTimed ? atLeast(shown, keyTimes[i]) : key.packet;
      keyframes.add(
          new VideoListing.Keyframe(
              first - from,
              input.micros(keyTimes[i]),
              seek(input, key, keyTimes[i]),
              end - key.bytesBefore));
    }
    long[] micros = new long[size - from];
    for (int i = from; i < size; i++) {
      micros[i - from] = input.micros(shown[i]);
    }
    int numbered = 0;
    while (numbered < micros.length && shown[from + numbered] < damagedAt) {
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
   * Returns the keyframes at which decoding can start: only the first one if pictures change their
   * order and have no times, because then nobody knows which one comes first.
   */
  private List<Key> known(boolean reorders) {
    if (keys.isEmpty()) {
      return List.of(new Key(0, 0, 0));
    }
    return isTimed || !reorders ? keys : keys.subList(0, 1);
  }

  private VideoRun.Seek seek(VideoInput input, Key key, long time) {
    if (soughtInBytes) {
      return new VideoRun.Seek(key.position, true);
    }
    long decoded = dts[key.packet];
    boolean byDecoding = input.isSoughtByDecodingTime() && decoded != NONE;
    return new VideoRun.Seek(byDecoding ? decoded : time, false);
  }

  /** Returns times for frames that have none: those at which they are decoded, or even ones. */
  private long[] decodingTimes(VideoInput input) {
    long[] times = Arrays.copyOf(dts, size);
    boolean all = Arrays.stream(times).noneMatch(time -> time == NONE);
    if (!all) {
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
          .formatted(Math.max(claimed, size + missing), missing);
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
