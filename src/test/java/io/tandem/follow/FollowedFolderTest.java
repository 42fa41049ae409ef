package io.tandem.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.SilentProgress;
import io.tandem.Tandem;
import io.tandem.conf.Settings;
import io.tandem.source.FramesException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FollowedFolderTest {
  @TempDir Path temporary;
  private final SilentProgress progress = new SilentProgress();
  private Path folder = Path.of("");

  @BeforeEach
  void folder() throws IOException {
    folder = Files.createDirectory(temporary.resolve("in [1] {a,b} 09:15"));
  }

  @Test
  void files_areTakenOnce_oldestFirst_withHiddenOnesAndThoseOfSubfolders() throws IOException {
    write("new.jpg", 3);
    write(".hidden.png", 2);
    write("_hidden.JPG", 1);
    Files.createDirectories(folder.resolve("_day/.hour"));
    write("_day/.hour/old.mp4", 0);
    write("other.txt", 0);
    FollowedFolder followed = followed("0 s");
    assertThat(take(followed, 2)).containsExactly("_day/.hour/old.mp4", "_hidden.JPG");
    assertThat(take(followed, 5)).containsExactly(".hidden.png", "new.jpg");
    assertThat(take(followed, 5)).isEmpty();
    write("later.jpg", 0);
    assertThat(take(followed, 5)).containsExactly("later.jpg");
    assertThat(progress.said()).isEmpty();
  }

  @Test
  void fileThatGrows_isTakenWhenItHasHeld() throws IOException {
    long settle = 50_000_000;
    FollowedFolder followed = followed("50 ms");
    write("whole.jpg", 0);
    write("growing.jpg", 0);
    List<String> taken = new ArrayList<>();
    long from = System.nanoTime();
    while (System.nanoTime() - from < 4 * settle) {
      Files.writeString(folder.resolve("growing.jpg"), "more", StandardOpenOption.APPEND);
      taken.addAll(take(followed, 5));
    }
    assertThat(taken).containsExactly("whole.jpg");
    long held = System.nanoTime();
    while (taken.size() == 1) {
      taken.addAll(take(followed, 5));
    }
    assertThat(taken).containsExactly("whole.jpg", "growing.jpg");
    assertThat(System.nanoTime() - held).isGreaterThan(settle / 2);
  }

  @Test
  void fileWhoseTimeChanges_hasNotHeld() throws IOException {
    FollowedFolder followed = followed("1 h");
    write("a.jpg", 1);
    assertThat(take(followed, 5)).isEmpty();
    followed = followed("0 s");
    assertThat(take(followed, 5)).containsExactly("a.jpg");
    write("a.jpg", 2);
    Files.delete(folder.resolve("a.jpg"));
    assertThat(take(followed, 5)).isEmpty();
    write("a.jpg", 3);
    write("b.jpg", 3);
    assertThat(take(followed, 5)).containsExactly("b.jpg");
    assertThat(take(followed, 5)).isEmpty();
    assertThat(progress.said())
        .containsExactly("1 file changed after it was taken, and is not taken again: a.jpg");
  }

  @Test
  void folderThatIsAway_isNamedOnce_andFollowedWhenItIsBack() throws IOException {
    FollowedFolder followed = followed("0 s");
    write("a.jpg", 0);
    assertThat(take(followed, 5)).containsExactly("a.jpg");
    Path away = temporary.resolve("away");
    Files.move(folder, away);
    assertThat(take(followed, 5)).isEmpty();
    assertThat(take(followed, 5)).isEmpty();
    Files.move(away, folder);
    write("b.jpg", 0);
    assertThat(take(followed, 5)).containsExactly("b.jpg");
    assertThat(progress.said())
        .containsExactly(
            "no frames found at %s; there is no such file or folder; trying again"
                .formatted(folder),
            "%s can be listed again".formatted(folder));
  }

  @Test
  void onceOnly_takesWhatHasHeld_andNamesTheOthers() throws Exception {
    write("a.jpg", 0);
    FollowedFolder followed = followed("20 ms");
    followed.lookFirst();
    write("b.jpg", 0);
    followed.prepareOnce();
    assertThat(take(followed, 5)).containsExactly("a.jpg");
    write("c.jpg", 0);
    assertThat(take(followed, 5)).isEmpty();
    assertThat(progress.said())
        .containsExactly(
            "1 file left for the next call, new, changed within the last 20 ms, or still open: b.jpg");
  }

  @Test
  void onceOnly_ofAFolderThatIsAway_isRefused() throws IOException {
    FollowedFolder followed = followed("0 s");
    Files.delete(folder);
    assertThatThrownBy(followed::prepareOnce)
        .isInstanceOf(FramesException.class)
        .hasMessage("no frames found at %s; there is no such file or folder".formatted(folder));
  }

  @Test
  void contains_itsSubfoldersOnly() {
    FollowedFolder followed = followed("0 s");
    assertThat(followed.path()).isEqualTo(folder.toString());
    String root = "file:" + folder;
    assertThat(followed.contains(root + "/out/predictions")).isTrue();
    assertThat(followed.contains(root + "/predictions")).isTrue();
    assertThat(followed.contains(root + "-out/predictions")).isFalse();
    assertThat(followed.contains("s3a://in" + folder + "/out")).isFalse();
  }

  private List<String> take(FollowedFolder followed, int most) {
    List<ArrivedFile> files = followed.next(most);
    followed.taken(files);
    return files.stream()
        .map(file -> file.path().substring(("file:" + folder + "/").length()))
        .toList();
  }

  /** Writes a file that is some seconds younger than the epoch's first day. */
  private void write(String name, int seconds) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, "x");
    Files.setLastModifiedTime(file, FileTime.fromMillis(86_400_000 + 1000L * seconds));
  }

  private FollowedFolder followed(String settle) {
    Settings settings =
        Tandem.settings("frames.path=\"" + folder + "\"", "follow.settle=" + settle);
    return FollowedFolder.open(settings, new Configuration(), progress);
  }
}
