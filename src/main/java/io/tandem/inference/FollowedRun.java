package io.tandem.inference;

import io.tandem.conf.JpegLibrary;
import io.tandem.conf.Settings;
import io.tandem.conf.SettingsException;
import io.tandem.conf.SettingsLoader;
import io.tandem.conf.SettingsText;
import io.tandem.follow.FollowedFolder;
import io.tandem.run.RunFolder;
import io.tandem.run.RunFolderException;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;

/**
 * Calls that follow a folder. The same call again continues its run, because a service or a timer
 * has one call for its first start and for all later ones.
 */
public final class FollowedRun {
  private FollowedRun() {}

  /**
   * Returns the settings of a call with the full path of its folder.
   *
   * @throws io.tandem.source.FramesException if it is no folder
   * @throws SettingsException if videos are to be written
   */
  public static Settings called(Settings settings, Progress progress) {
    if (settings.output().video().write()) {
      throw new SettingsException(
          "output.video.write = true joins the parts of videos when a run ends, and a followed folder has no end; omit --video-out, or run infer --frames %s"
              .formatted(settings.frames().path()));
    }
    FollowedFolder folder =
        FollowedFolder.open(settings, Session.hadoop(new SparkConf()), progress);
    return settings.withFrames(settings.frames().withPath(folder.path()));
  }

  /**
   * Returns the settings with which a call continues the run in its output folder; null if it
   * starts a new one.
   *
   * @throws RunFolderException if the run has other settings
   */
  public static @Nullable Settings continued(Settings call) {
    String path = call.output().path();
    if (path == null) {
      return null;
    }
    Settings run;
    try {
      run = InferJob.settingsOf(path);
    } catch (RunFolderException e) {
      return null; // A new run may be refused with the reason.
    }
    if (!run.infer().follow().enabled()) {
      return null;
    }
    Settings saved = SettingsLoader.saved(RunFolder.recorded(path).read("settings.conf"));
    Map<String, List<String>> differences =
        SettingsText.differences(text(saved, call), text(call, call));
    if (!differences.isEmpty()) {
      Map.Entry<String, List<String>> first = differences.entrySet().iterator().next();
      throw new RunFolderException(
          null,
          "%s follows with %s = %s, and not %s; ./submit.sh infer --resume %s continues it by its own settings"
              .formatted(
                  path, first.getKey(), first.getValue().get(0), first.getValue().get(1), path));
    }
    return run.withInfer(run.infer().withFollow(call.infer().follow()));
  }

  /** A run records which JPEG library it found; a call may end with the files that are there. */
  private static String text(Settings settings, Settings call) {
    JpegLibrary asked = call.frames().decoding().jpegLibrary();
    boolean isAuto = asked == JpegLibrary.AUTO;
    return SettingsText.of(
        settings
            .withInfer(settings.infer().withFollow(settings.infer().follow().withOnce(false)))
            .withFrames(
                isAuto
                    ? settings
                        .frames()
                        .withDecoding(settings.frames().decoding().withJpegLibrary(asked))
                    : settings.frames()));
  }
}
