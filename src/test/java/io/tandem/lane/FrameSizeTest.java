package io.tandem.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Paths;
import io.tandem.Tandem;
import io.tandem.conf.DeviceChoice;
import io.tandem.conf.Settings;
import io.tandem.conf.VideoSettings;
import io.tandem.frame.VideoIndexer;
import io.tandem.model.ModelSpec;
import io.tandem.source.Frame;
import io.tandem.source.VideoFrames;
import io.tandem.spark.HadoopConf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

final class FrameSizeTest {
  private static final HadoopConf HADOOP = HadoopConf.here(new Configuration());

  private static double size(Path model, List<Frame> frames) {
    Settings settings = Tandem.settings("model.path=" + model);
    ModelSpec spec = Tandem.spec(settings);
    LaneSpec lanes =
        LaneSpec.of(
            settings, spec, settings.infer().lane(DeviceChoice.CPU, spec.export()), 1, HADOOP);
    return FrameSize.inTestPictures(lanes, frames);
  }

  @Test
  void sizeOfAVideosFrames_isInTestPictures_ifTheModelKeepsSizes() throws IOException {
    List<Frame> frames = new ArrayList<>();
    frames.add(Frame.missing("gone.jpg", 0));
    frames.add(Frame.image(Paths.VIDEOS.resolve("gop12.mp4").toString(), 10, null, 1));
    assertThat(size(Paths.SUPERRESOLUTION, frames)).as("none can be read").isEqualTo(1);
    Path clip = Paths.VIDEOS.resolve("gop12.mp4");
    frames.addAll(
        VideoFrames.of(
            Frame.image(clip.toUri().toString(), Files.size(clip), null, 0),
            VideoIndexer.of(Tandem.settings()),
            VideoSettings.ALL,
            HADOOP));
    assertThat(size(Paths.SUPERRESOLUTION, frames)).isEqualTo(160. * 90 / (128 * 96));
    assertThat(size(Path.of("data/models/efficientnet-lite0"), frames)).isEqualTo(1);
  }
}
