package io.tandem.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.TestFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Lengths that a manifest has, and those that tasks ask for. */
final class FrameLengthsTest extends ManifestFixture {
  @Test
  void lengths_thatTheManifestHas_areUsed_andNoFileIsAsked() throws IOException {
    String a = TestFileSystem.url(folder.resolve("in/a.jpg"));
    write("m.csv", "path,length,modified_at,camera\n%s,77,1700000000123,1\n".formatted(a));
    write("t.csv", "path,length,modified_at\n%s,77,2023-11-14T22:13:20.123Z\n".formatted(a));
    write(
        "m.jsonl",
        "{\"path\": \"%s\", \"length\": 77.0, \"modified_at\": 1700000000123}".formatted(a));
    for (String manifest : List.of("m.csv", "t.csv", "m.jsonl")) {
      FrameSet set = frames(manifest);
      assertThat(set.frames()).as(manifest).containsExactly(Frame.image(a, 77, 1700000000123L, 0));
    }
    assertThat(types(frames("m.csv"))).isEqualTo("modified_at STRING,camera STRING");
    assertThat(TestFileSystem.ASKED).isEmpty();
  }

  @Test
  void lengths_thatSomeRowsLack_areAskedForThese() throws IOException {
    write(
        "m.csv",
        "path,length\n%s,77\n%s,\n"
            .formatted(
                TestFileSystem.url(folder.resolve("in/a.jpg")),
                TestFileSystem.url(folder.resolve("in/b.jpg"))));
    assertThat(frames("m.csv").frames()).extracting(Frame::length).containsExactly(77L, 8L);
    assertThat(TestFileSystem.ASKED).containsOnlyKeys("b.jpg");
  }

  @Test
  void columnNamedLength_withoutNumbers_goesAlong() throws IOException {
    write("in/m.csv", "path,length,modified_at\na.jpg,00:12,1\nb.jpg,12,2\n");
    FrameSet set = frames("in/m.csv");
    assertThat(types(set)).isEqualTo("length STRING,modified_at STRING");
    assertThat(set.frames()).extracting(Frame::length).containsExactly(8L, 8L);
  }

  @Test
  void lengths_areAskedForByTasks_manyAtOnce() throws IOException {
    StringBuilder text = new StringBuilder("path\n");
    for (int i = 0; i < 200; i++) {
      Path frame = Files.writeString(folder.resolve("in/%03d.jpg".formatted(i)), "x".repeat(i));
      text.append(TestFileSystem.url(frame)).append('\n');
    }
    write("m.csv", text.toString());
    session.hadoop().setLong("test.status.millis", 20);
    try {
      FrameSet set = frames("m.csv");
      assertThat(set.frames())
          .extracting(Frame::length)
          .containsExactlyElementsOf(IntStream.range(0, 200).mapToObj(i -> (long) i).toList());
    } finally {
      session.hadoop().unset("test.status.millis");
    }
    assertThat(TestFileSystem.ASKED).hasSize(200);
    assertThat(TestFileSystem.ASKED.values())
        .allMatch(thread -> thread.matches("tandem-length-[012]"));
    assertThat(TestFileSystem.mostAskedAtOnce())
        .isBetween(FrameLengths.AT_ONCE, 3 * FrameLengths.AT_ONCE);
  }

  @Test
  void tasks_thatAsk_fillTheSlots_andAreNeitherIdleNorHuge() {
    assertThat(FrameLengths.tasks(1, 100)).isEqualTo(1);
    assertThat(FrameLengths.tasks(200, 4)).isEqualTo(4);
    assertThat(FrameLengths.tasks(50, 100)).isEqualTo(4);
    assertThat(FrameLengths.tasks(1_000_000, 100)).isEqualTo(977);
  }
}
