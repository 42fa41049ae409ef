package io.tandem.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FrameSplitsTest {
  @Test
  void balanced_holdsEveryFrameOnceInOrder() {
    List<Frame> frames = frames(101, 7);
    List<List<Frame>> parts = FrameSplits.balanced(frames, 4);
    List<Frame> all = new ArrayList<>();
    for (List<Frame> part : parts) {
      assertThat(part).isSortedAccordingTo((a, b) -> Integer.compare(a.index(), b.index()));
      all.addAll(part);
    }
    assertThat(all).containsExactlyInAnyOrderElementsOf(frames);
  }

  @Test
  void balanced_evensOutBytes() {
    List<List<Frame>> parts = FrameSplits.balanced(frames(200, 11), 3);
    long[] bytes =
        parts.stream()
            .mapToLong(part -> part.stream().mapToLong(Frame::length).sum())
            .sorted()
            .toArray();
    assertThat(bytes[2] - bytes[0]).isLessThan(bytes[0] / 100);
  }

  @Test
  void balanced_leavesNoPartEmpty_evenWhereFramesAreEmpty() {
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      frames.add(Frame.image("f" + i, 0, null, i));
    }
    assertThat(FrameSplits.balanced(frames, 5)).allMatch(part -> part.size() == 1);
  }

  @Test
  void balanced_givesALaneConsecutiveSegmentsOfAVideo() {
    List<Frame> frames = new ArrayList<>(video("a.mp4", 27, 0));
    List<List<Frame>> halves = FrameSplits.balanced(frames, 2);
    assertThat(halves).allMatch(part -> part.size() >= 130);
    assertThat(halves.get(0).get(0).index() + halves.get(1).get(0).index()).isBetween(130, 140);
    for (List<Frame> half : halves) {
      Frame first = half.get(0);
      Frame last = half.get(half.size() - 1);
      assertThat(last.index() - first.index()).isEqualTo(half.size() - 1);
    }
    frames.addAll(video("b.mp4", 3, frames.size()));
    frames.add(Frame.image("c.jpg", 4_000, null, frames.size()));
    List<List<Frame>> thirds = FrameSplits.balanced(frames, 3);
    assertThat(thirds.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(frames);
    assertThat(thirds).allMatch(part -> part.size() >= 60);
  }

  /** Returns the frames of a video whose segments have ten frames each. */
  private static List<Frame> video(String path, int segments, int from) {
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < 10 * segments; i++) {
      VideoRun run =
          new VideoRun(
              i / 10, i / 10, 10L * (i / 10), 0L, new VideoRun.Seek(0, false, 0), 100, 0, false);
      frames.add(
          new Frame(new FrameRef(path, 40_000L * i, (long) i), 9_999, null, from + i, null, run));
    }
    return frames;
  }

  @Test
  void even_splitsAreConsecutive_theLastShorter() {
    List<Frame> frames = frames(10, 1);
    List<List<Frame>> slices = FrameSplits.cut(frames, FrameSplits.even(10, 4));
    assertThat(slices).hasSize(3);
    assertThat(slices.get(2)).containsExactly(frames.get(8), frames.get(9));
    assertThat(FrameSplits.even(8, 4)).containsExactly(4, 4);
  }

  @Test
  void factored_getsSmallerToTheEnd_andLosesNoFrame() {
    for (int count : new int[] {1, 4, 7, 100, 1_000, 50_000}) {
      List<Frame> frames = frames(count, 3);
      List<List<Frame>> slices =
          FrameSplits.cut(frames, FrameSplits.factored(count, 2, 4, 32, 1_024));
      assertThat(slices.stream().flatMap(List::stream)).containsExactlyElementsOf(frames);
      for (int i = 0; i < slices.size(); i++) {
        assertThat(slices.get(i).size()).isBetween(1, 1_024);
        if (i < slices.size() - 1) {
          assertThat(slices.get(i).size()).isGreaterThanOrEqualTo(slices.get(i + 1).size());
          assertThat(slices.get(i).size() % 4).isZero();
        }
      }
      assertThat(slices.get(slices.size() - 1).size()).isLessThanOrEqualTo(32);
    }
    assertThat(FrameSplits.factored(1_000, 2, 4, 32, 1_024))
        .containsExactly(376, 376, 96, 96, 32, 24);
  }

  private static List<Frame> frames(int count, long seed) {
    Random random = new Random(seed);
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      frames.add(Frame.image("f" + i, 1 + random.nextInt(100_000), null, i));
    }
    return frames;
  }

  @Test
  void firstFrames_haveTheMissingOnesBetween_andAfter() {
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String path = "file:/in/%d.jpg".formatted(i);
      frames.add(i % 3 == 2 ? Frame.missing(path, i) : Frame.image(path, 10, null, i));
    }
    FrameSet all = FrameSet.listed(frames);
    assertThat(all.first(2).size()).isEqualTo(3);
    assertThat(all.first(3).size()).isEqualTo(4);
    assertThat(all.first((int) all.present()).size()).isEqualTo(8);
    FrameSet some = all.first(4);
    assertThat(some.first((int) some.present())).isEqualTo(some);
  }
}
