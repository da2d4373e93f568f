package io.tidegate.backplane;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.INTERFACES;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

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
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The rules of the house, as far as this module can break them. */
@AnalyzeClasses(
    packages = "io.tidegate.backplane",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final int LINES_AT_MOST = 400;

  @ArchTest
  static final ArchRule apiSeesNoImplementation =
      noClasses()
          .that()
          .resideInAPackage("io.tidegate.backplane")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.tidegate.backplane.(*)..");

  @ArchTest
  static final ArchRule implementationsNeverSeeEachOther =
      slices()
          .matching("io.tidegate.backplane.(*)..")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(alwaysTrue(), resideInAPackage("io.tidegate.backplane.inbox.."));

  @ArchTest
  static final ArchRule inboxSeesNoImplementation =
      noClasses()
          .that()
          .resideInAPackage("io.tidegate.backplane.inbox..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.tidegate.backplane.(*)..")
                  .and(not(resideInAPackage("io.tidegate.backplane.inbox.."))));

  @ArchTest
  static final ArchRule clientSeesTheApiOnly =
      noClasses()
          .that()
          .resideInAPackage("io.tidegate.backplane.client..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.tidegate.backplane.(*)..")
                  .and(not(resideInAPackage("io.tidegate.backplane.client.."))));

  @ArchTest
  static final ArchRule noCycles = slices().matching("io.tidegate.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule moduleSeesNothingAboveIt =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.tidegate.gateway..", "io.tidegate.loadtest..", "io.prometheus..");

  @ArchTest
  static final ArchRule hazelcastStaysAtHome =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.tidegate.backplane.hazelcast..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.hazelcast..");

  @ArchTest
  static final ArchRule redisStaysAtHome =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.tidegate.backplane.redis..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.vertx.redis..");

  @ArchTest
  static final ArchRule classesAreFinalSealedOrAbstract =
      classes().that(not(INTERFACES).and(not(isPackageInfo()))).should(beFinalSealedOrAbstract());

  @ArchTest
  static final ArchRule packagesAreNullMarked =
      classes().that(not(isPackageInfo())).should(resideInANullMarkedPackage());

  @ArchTest
  static final ArchRule namesSayTheRole =
      noClasses()
          .should()
          .haveNameMatching(".*(Impl|Util|Utils|Helper|Manager)")
          .because("a name says the role in the domain");

  @ArchTest
  static final ArchRule nobodySleepsOrBlocks =
      noClasses()
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Future.class, "await");

  @ArchTest
  static final ArchRule timeAndRandomnessArePassedIn =
      noClasses()
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(Clock.class, "systemUTC")
          .orShould()
          .callMethod(UUID.class, "randomUUID")
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .callConstructor(Random.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(ThreadLocalRandom.class);

  @Test
  void noSourceFileIsLongerThanAReaderCanHold() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      List<Path> sources = files.filter(file -> file.toString().endsWith(".java")).toList();
      assertThat(sources).isNotEmpty();
      assertThat(sources.stream().filter(file -> lines(file) > LINES_AT_MOST)).isEmpty();
    }
  }

  private static DescribedPredicate<JavaClass> isPackageInfo() {
    return DescribedPredicate.describe(
        "package-info", type -> type.getSimpleName().equals("package-info"));
  }

  private static ArchCondition<JavaClass> beFinalSealedOrAbstract() {
    return condition(
        "be final, sealed, abstract, a record or an enum",
        type ->
            type.getModifiers().contains(JavaModifier.FINAL)
                || type.getModifiers().contains(JavaModifier.ABSTRACT)
                || type.isEnum()
                || type.isAnonymousClass()
                || type.reflect().isSealed());
  }

  private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
    return condition(
        "be in a @NullMarked package", type -> type.getPackage().isAnnotatedWith(NullMarked.class));
  }

  private static ArchCondition<JavaClass> condition(
      String description, Predicate<JavaClass> holds) {
    return new ArchCondition<>(description) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        events.add(
            new SimpleConditionEvent(type, holds.test(type), type.getName() + ": " + description));
      }
    };
  }

  private static long lines(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
