package io.tandem.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.Tandem;
import io.tandem.conf.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
final class FolderListingTest {
  @TempDir Path folder;

  @Test
  void linksThatLeadNowhere_areSkipped_andNamed() throws IOException {
    make("sub/a.jpg");
    make("elsewhere/b.jpg");
    Files.createSymbolicLink(folder.resolve("sub/up"), folder);
    Files.createSymbolicLink(folder.resolve("sub/self"), folder.resolve("sub"));
    Files.createSymbolicLink(folder.resolve("sub/other"), folder.resolve("elsewhere"));
    Files.createSymbolicLink(folder.resolve("sub/gone.jpg"), folder.resolve("nowhere.jpg"));
    Files.createSymbolicLink(folder.resolve("sub/gone.txt"), folder.resolve("nowhere.txt"));
    FolderListing listing =
        FolderListing.open(Tandem.settings("frames.path=" + folder).frames(), new Configuration());
    assertThat(listing.frames(100))
        .extracting(frame -> folder.toUri().relativize(URI.create(frame.path())).getPath())
        .containsExactly("elsewhere/b.jpg", "sub/a.jpg", "sub/other/b.jpg");
    assertThat(listing.skipped())
        .hasSize(2)
        .contains("1 file skipped, a broken link: file:%s/sub/gone.jpg".formatted(folder))
        .last()
        .asString()
        .startsWith("2 folders skipped, a link to a folder that contains it: file:" + folder);
  }

  @Test
  void foldersThatLinkToEachOther_haveEachFileOnce_byEachOfTheirNames() throws IOException {
    make("x/a.jpg");
    make("y/b.jpg");
    Files.createSymbolicLink(folder.resolve("x/toY"), folder.resolve("y"));
    Files.createSymbolicLink(folder.resolve("y/toX"), folder.resolve("x"));
    FolderListing listing =
        FolderListing.open(Tandem.settings("frames.path=" + folder).frames(), new Configuration());
    assertThat(listing.frames(100))
        .extracting(frame -> folder.toUri().relativize(URI.create(frame.path())).getPath())
        .containsExactly("x/a.jpg", "x/toY/b.jpg", "y/b.jpg", "y/toX/a.jpg");
    assertThat(listing.skipped())
        .singleElement()
        .asString()
        .startsWith("2 folders skipped, a link to a folder that contains it: file:" + folder);
  }

  @Test
  void nameThatIsNotUtf8_isCounted() throws Exception {
    make("a.jpg");
    Process touch =
        new ProcessBuilder("sh", "-c", "touch \"$(printf 'caf\\351.jpg')\"")
            .directory(folder.toFile())
            .start();
    assertThat(touch.waitFor()).isZero();
    FolderListing listing =
        FolderListing.open(Tandem.settings("frames.path=" + folder).frames(), new Configuration());
    assertThat(listing.frames(100)).hasSize(1);
    assertThat(listing.skipped())
        .singleElement()
        .asString()
        .startsWith("1 file skipped, the name is not UTF-8: ")
        .endsWith("caf\uFFFD.jpg; rename it");
  }

  @Test
  void frames_areThoseOfSparksBinaryFileSource() throws IOException {
    for (String name : List.of("b.jpg", "a.JPG", "sub/c d.png", "sub/ä%20.webp", "notes.txt")) {
      make(name);
    }
    List<String> listed =
        list().stream()
            .map(f -> "%s %d %d".formatted(f.path(), f.length(), f.modifiedAtMillis()))
            .toList();
    SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
    try {
      List<Row> rows =
          spark
              .read()
              .format("binaryFile")
              .option("recursiveFileLookup", true)
              .option("pathGlobFilter", "*.{jpg,JPG,png,webp}")
              .load(folder.toString())
              .select("path", "length", "modificationTime")
              .orderBy("path")
              .collectAsList();
      assertThat(listed)
          .hasSize(4)
          .containsExactlyElementsOf(
              rows.stream()
                  .map(
                      row ->
                          "%s %d %d"
                              .formatted(
                                  row.getString(0), row.getLong(1), row.getTimestamp(2).getTime()))
                  .toList());
    } finally {
      spark.stop();
    }
  }

  @Test
  void noName_isHidden() throws IOException {
    for (String name :
        List.of("DSC_1.JPG", "_DSC2.JPG", "_MG_3.JPG", "sub/ok.jpg", "_sorted/in.jpg", ".x.png")) {
      make(name);
    }
    assertThat(names(list()))
        .containsExactly(".x.png", "DSC_1.JPG", "_DSC2.JPG", "_MG_3.JPG", "in.jpg", "ok.jpg");
  }

  @Test
  void namesWithColons_areListed() throws IOException {
    for (String name : List.of("09-15-04.jpg", "09:15:05.jpg", "2026-11-25T10:15:00.jpg")) {
      make(name);
    }
    assertThat(names(list()))
        .containsExactly("09-15-04.jpg", "09:15:05.jpg", "2026-11-25T10:15:00.jpg");
  }

  @Test
  void folderThatIsNamedLikeAGlob_isThatFolder() throws IOException {
    make("[2026] trip {a,b}/x.jpg");
    assertThat(names(list("frames.path=\"" + folder.resolve("[2026] trip {a,b}") + "\"")))
        .containsExactly("x.jpg");
  }

  @Test
  void namesOfImages_areKnownInUpperAndLowerCase() throws IOException {
    for (String name : List.of("a.Jpg", "b.JPeG", "c.jfif", "d.JPE", "e.tif", "f.jpg.part", "g")) {
      make(name);
    }
    assertThat(names(list())).containsExactly("a.Jpg", "b.JPeG", "c.jfif", "d.JPE", "e.tif");
    assertThat(names(list("frames.glob=\"[A-B].J*\""))).containsExactly("a.Jpg", "b.JPeG");
  }

  @Test
  void glob_isResolved_andSubfoldersAreLeftOutOnDemand() throws IOException {
    for (String name : List.of("day1/a.jpg", "day1/deep/b.jpg", "day2/c.jpg", "night/d.jpg")) {
      make(name);
    }
    String days = "frames.path=\"" + folder.resolve("day*") + "\"";
    assertThat(names(list(days))).containsExactly("a.jpg", "b.jpg", "c.jpg");
    assertThat(names(list(days, "frames.recursive=false"))).containsExactly("a.jpg", "c.jpg");
    assertThat(names(list(days, "frames.limit=2"))).containsExactly("a.jpg", "b.jpg");
  }

  @Test
  void singleFile_isAFrame_whateverItsName_andEmptyOnesAreFramesToo() throws IOException {
    Files.createFile(folder.resolve("camera.raw"));
    List<Frame> frames = list("frames.path=\"" + folder.resolve("camera.raw") + "\"");
    assertThat(names(frames)).containsExactly("camera.raw");
    assertThat(frames.get(0).length()).isZero();
  }

  @Test
  void nothingThere_isOneSentence() {
    assertThatThrownBy(() -> list("frames.path=\"" + folder.resolve("no") + "\""))
        .isInstanceOf(FramesException.class)
        .hasMessage(
            "no frames found at %s; there is no such file or folder"
                .formatted(folder.resolve("no")));
    assertThatThrownBy(this::list)
        .isInstanceOf(FramesException.class)
        .hasMessageStartingWith(
            "no frames found at %s; expected file names such as ".formatted(folder));
    assertThatThrownBy(() -> list("frames.path=\"" + folder + "\"", "frames.glob=\"{*.jpg\""))
        .isInstanceOf(FramesException.class)
        .hasMessageStartingWith("frames.glob is no pattern of file names: {*.jpg; ");
  }

  private void make(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, name);
  }

  private List<Frame> list(String... pairs) {
    List<String> all = new ArrayList<>(List.of("frames.path=\"" + folder + "\""));
    all.addAll(Arrays.asList(pairs));
    Settings settings = Tandem.settings(all.toArray(String[]::new));
    return Objects.requireNonNull(
        FolderListing.open(settings.frames(), new Configuration()).frames(100));
  }

  private static List<String> names(List<Frame> frames) {
    return frames.stream().map(frame -> frame.path().replaceFirst(".*/", "")).sorted().toList();
  }
}
