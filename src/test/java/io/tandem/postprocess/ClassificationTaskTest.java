package io.tandem.postprocess;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClassificationTaskTest {
  private static final ClassificationTask TABLE = new ClassificationTask();
  private static final double TIE = 0.1;

  @Test
  void result_isReadAsItWasWritten() {
    Labels labels = labels("cat", 0.6f, "dog", 0.3f);
    List<Object> cells = new ArrayList<>(Collections.nCopies(TABLE.columns().size(), ""));
    labels.write(cells::set);
    assertThat(TABLE.read(cells::get)).isEqualTo(labels);
  }

  @Test
  void sameLabel_agrees_andItsProbabilitiesDiffer() {
    ResultAgreement agreement =
        TABLE.agreement(labels("cat", 0.5f, "dog", 0.25f), labels("cat", 0.75f, "dog", 0.25f), TIE);
    assertThat(agreement).isEqualTo(new ResultAgreement(true, 0.25));
  }

  @Test
  void otherLabel_doesNotAgree_andTheBaselinesLabelIsCompared() {
    ResultAgreement agreement =
        TABLE.agreement(labels("dog", 0.5f, "cat", 0.25f), labels("cat", 0.75f, "dog", 0.25f), TIE);
    assertThat(agreement).isEqualTo(new ResultAgreement(false, 0.5));
  }

  @Test
  void tieOfTheBaseline_saysNothing() {
    ResultAgreement agreement =
        TABLE.agreement(labels("dog", 0.5f, "cat", 0.5f), labels("cat", 0.5f, "dog", 0.5f), TIE);
    assertThat(agreement).isEqualTo(new ResultAgreement(null, 0.0));
  }

  @Test
  void labelThatTheTopKLacks_hasAtMostItsLastProbability() {
    ResultAgreement agreement =
        TABLE.agreement(labels("dog", 0.5f, "cow", 0.25f), labels("cat", 0.75f, "dog", 0.25f), TIE);
    assertThat(agreement).isEqualTo(new ResultAgreement(false, 0.5));
  }

  @Test
  void noLabel_isReadAsItWasWritten_andAgreesWithNoneOnly() {
    Labels none = new Labels(List.of());
    List<Object> cells = new ArrayList<>(Collections.nCopies(TABLE.columns().size(), "unset"));
    none.write(cells::set);
    assertThat(cells).containsExactly("unset", "unset", List.of());
    assertThat(TABLE.read(cells::get)).isEqualTo(none);
    assertThat(none.describe()).isEqualTo("no label");
    Labels one = labels("cat", 0.75f, "dog", 0.625f);
    assertThat(TABLE.agreement(none, none, TIE)).isEqualTo(new ResultAgreement(true, 0.0));
    assertThat(TABLE.agreement(one, none, TIE)).isEqualTo(new ResultAgreement(false, null));
    assertThat(TABLE.agreement(none, one, TIE)).isEqualTo(new ResultAgreement(false, null));
  }

  private static Labels labels(String first, float probability, String second, float next) {
    return new Labels(List.of(new Prediction(first, probability), new Prediction(second, next)));
  }
}
