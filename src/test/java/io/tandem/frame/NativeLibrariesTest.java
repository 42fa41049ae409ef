package io.tandem.frame;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.stream.Stream;

/** Every way into javacpp and FFmpeg loads their libraries first: see {@link NativeLibraries}. */
@AnalyzeClasses(packages = "io.tandem", importOptions = ImportOption.DoNotIncludeTests.class)
final class NativeLibrariesTest {
  @ArchTest
  static final ArchRule classesThroughWhichFfmpegIsReached_loadItsLibrariesFirst =
      classes()
          .that(are("top-level classes through which FFmpeg is reached", c -> isEntrance(c)))
          .and(are("not NativeLibraries", c -> !c.isEquivalentTo(NativeLibraries.class)))
          .should(loadLibraries());

  private static DescribedPredicate<JavaClass> are(
      String description, java.util.function.Predicate<JavaClass> predicate) {
    return DescribedPredicate.describe(description, predicate);
  }

  /** A class that uses FFmpeg, and that a class can call which does not. */
  private static boolean isEntrance(JavaClass type) {
    return type.isTopLevelClass()
        && usesFfmpeg(type)
        && (type.getModifiers().contains(JavaModifier.PUBLIC)
            || family(type)
                .flatMap(member -> member.getAccessesToSelf().stream())
                .anyMatch(access -> !usesFfmpeg(top(access.getOriginOwner()))));
  }

  private static boolean usesFfmpeg(JavaClass type) {
    return family(type)
        .flatMap(member -> member.getAccessesFromSelf().stream())
        .anyMatch(access -> access.getTargetOwner().getPackageName().startsWith("org.bytedeco"));
  }

  private static ArchCondition<JavaClass> loadLibraries() {
    return new ArchCondition<>("call NativeLibraries.load()") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean loads =
            type.getMethodCallsFromSelf().stream()
                .anyMatch(call -> call.getTargetOwner().isEquivalentTo(NativeLibraries.class));
        events.add(new SimpleConditionEvent(type, loads, type.getName() + " loads: " + loads));
      }
    };
  }

  private static JavaClass top(JavaClass type) {
    return type.getEnclosingClass().map(NativeLibrariesTest::top).orElse(type);
  }

  /** Returns a top-level class and those in it. */
  private static Stream<JavaClass> family(JavaClass type) {
    return type.getPackage().getClasses().stream().filter(member -> top(member).equals(type));
  }
}
