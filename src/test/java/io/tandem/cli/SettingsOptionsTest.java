package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.conf.InputException;
import io.tandem.model.ModelException;
import io.tandem.source.FramesException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;

final class SettingsOptionsTest {
  @Test
  void sentence_namesTheOptionOfTheKey() {
    assertThat(SettingsOptions.sentence(new FramesException("frames.path", "no frames at x")))
        .isEqualTo("no frames at x (option --frames)");
    assertThat(SettingsOptions.sentence(new ModelException("model.width", "no width in x\nmore")))
        .isEqualTo("no width in x (option --set model.width=VALUE)");
    assertThat(SettingsOptions.sentence(new CallException("no baseline"))).isEqualTo("no baseline");
  }

  @Test
  void exceptionOfAnExecutor_keepsKeyAndCause() throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new FramesException("frames.path", "no frames", new IOException("gone")));
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      InputException read = (InputException) in.readObject();
      assertThat(read).isInstanceOf(FramesException.class).hasMessage("no frames");
      assertThat(read.key()).isEqualTo("frames.path");
      assertThat(read.getCause()).hasMessage("gone");
    }
  }
}
