package io.tandem.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DetectionTaskTest {
  private static final DetectionTask TABLE = new DetectionTask();
  private static final double TIE = 0.1;
  private static final float FLOOR = 0.25f;

  @Test
  void result_isReadAsItWasWritten() {
    for (Detections result : List.of(found(cat(0.9f, 0), dog(0.5f, 40)), found())) {
      List<Object> cells = new ArrayList<>(Collections.nCopies(TABLE.columns().size(), ""));
      result.write(cells::set);
      assertThat(TABLE.read(cells::get)).isEqualTo(result);
      assertThat(cells.get(1)).isEqualTo(result.found().size());
    }
  }

  @Test
  void description_isShort() {
    assertThat(found().describe()).isEqualTo("none found");
    assertThat(found(cat(0.984f, 0), dog(0.5f, 40)).describe())
        .isEqualTo("2 found: cat 0.98, dog 0.50");
    assertThat(found(cat(0.9f, 0), cat(0.8f, 40), dog(0.7f, 0), dog(0.6f, 40)).describe())
        .isEqualTo("4 found: cat 0.90, cat 0.80, dog 0.70, ...");
  }

  @Test
  void overlap_isTheSharedPartOfBoth() {
    Box box = new Box(0, 0, 20, 10);
    assertThat(box.overlap(box)).isEqualTo(1);
    assertThat(box.overlap(new Box(10, 5, 30, 15))).isEqualTo(50 / 350.0);
    assertThat(box.overlap(new Box(20, 0, 30, 10))).isZero();
    assertThat(box.overlap(new Box(5, 2, 10, 7))).isEqualTo(25 / 200.0);
  }

  @Test
  void sameBoxes_agree_inAnyOrder_andTheDifferenceIsThatOfTheWorst() {
    ResultAgreement agreement =
        TABLE.agreement(
            found(dog(0.7f, 40.5f), cat(0.69f, 0.25f)), found(cat(0.9f, 0), dog(0.5f, 40)), TIE);
    assertThat(agreement.same()).isTrue();
    // 0.5 of 20 pixels beside each other: 19.5 / 20.5.
    assertThat(agreement.difference()).isCloseTo(1 - 19.5 / 20.5, within(1e-6));
  }

  @Test
  void boxThatMoved_doesNotAgree() {
    ResultAgreement agreement = TABLE.agreement(found(cat(0.9f, 2)), found(cat(0.9f, 0)), TIE);
    assertThat(agreement.same()).isFalse();
    assertThat(agreement.difference()).isCloseTo(1 - 18 / 22.0, within(1e-6));
  }

  @Test
  void boxThatIsMissing_orTooMany_doesNotAgree() {
    Detections one = found(cat(0.9f, 0));
    Detections two = found(cat(0.9f, 0), cat(0.36f, 40));
    assertThat(TABLE.agreement(one, two, TIE)).isEqualTo(new ResultAgreement(false, 0.0));
    assertThat(TABLE.agreement(two, one, TIE)).isEqualTo(new ResultAgreement(false, 0.0));
    assertThat(TABLE.agreement(found(), one, TIE)).isEqualTo(new ResultAgreement(false, null));
    assertThat(TABLE.agreement(found(), found(), TIE)).isEqualTo(new ResultAgreement(true, null));
  }

  @Test
  void boxNearTheFloor_saysNothing_unlessAnotherDecides() {
    Detections one = found(cat(0.9f, 0));
    Detections two = found(cat(0.9f, 0), cat(0.34f, 40));
    assertThat(TABLE.agreement(one, two, TIE)).isEqualTo(new ResultAgreement(null, 0.0));
    assertThat(TABLE.agreement(two, one, TIE)).isEqualTo(new ResultAgreement(null, 0.0));
    assertThat(TABLE.agreement(found(dog(0.9f, 0)), two, TIE).same()).isFalse();
    Detections cut = new Detections(one.found(), 0.6f); // By top-k, in the trial alone.
    assertThat(TABLE.agreement(cut, found(cat(0.9f, 0), cat(0.69f, 40)), TIE).same()).isNull();
    assertThat(TABLE.agreement(cut, found(cat(0.9f, 0), cat(0.71f, 40)), TIE).same()).isFalse();
  }

  @Test
  void otherLabel_isAnotherObject() {
    assertThat(TABLE.agreement(found(dog(0.9f, 0)), found(cat(0.9f, 0)), TIE))
        .isEqualTo(new ResultAgreement(false, null));
  }

  @Test
  void pairs_areThoseThatOverlapMost_eachOnce() {
    // The second cat of the trial is nearer to the baseline's only one.
    BoxPairs pairs =
        BoxPairs.of(List.of(cat(0.9f, 4), cat(0.8f, 1)), List.of(cat(0.9f, 0), cat(0.5f, 60)));
    assertThat(pairs.ofFirst()).containsExactly(0, 19 / 21.0);
    assertThat(pairs.ofSecond()).containsExactly(19 / 21.0, 0);
  }

  private static Detections found(Detection... found) {
    return new Detections(List.of(found), FLOOR);
  }

  private static Detection cat(float score, float left) {
    return new Detection("cat", score, box(left));
  }

  private static Detection dog(float score, float left) {
    return new Detection("dog", score, box(left));
  }

  private static Box box(float left) {
    return new Box(left, 5, left + 20, 15);
  }
}
