package io.tidegate.loadtest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of docs/contributing.md that this module could break. */
@AnalyzeClasses(
    packages = "io.tidegate.loadtest",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final String ROOT = "io.tidegate.loadtest";
  private static final int LINES_AT_MOST = 400;

  @ArchTest
  static final ArchRule theDocumentsAreReadAndNotTheCode =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.tidegate.gateway..", "io.tidegate.backplane..", "io.vertx..");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("io.tidegate.(loadtest..)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule nobodySeesTheRootPackage =
      noClasses()
          .that()
          .resideInAnyPackage(ROOT + ".client", ROOT + ".report", ROOT + ".measure")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT);

  @ArchTest
  static final ArchRule clockAndChanceComeFromMain =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(ROOT + ".Main")
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Random.class);

  @ArchTest
  static final ArchRule nobodySleeps =
      noClasses().should().callMethod(Thread.class, "sleep", long.class);

  @ArchTest
  static final ArchRule nobodyBlocksButInWaiting =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(ROOT + ".Waiting")
          .should()
          .callMethod(CompletableFuture.class, "get")
          .orShould()
          .callMethod(CompletableFuture.class, "join")
          .orShould()
          .callMethod(Future.class, "get");

  @ArchTest
  static final ArchRule classesAreFinal =
      classes()
          .that()
          .areTopLevelClasses()
          .and()
          .areNotInterfaces()
          .and()
          .doNotHaveSimpleName("package-info")
          .should()
          .haveModifier(JavaModifier.FINAL);

  @Test
  void noSourceFileIsLongerThanAReaderCanHold() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      for (Path file : files.filter(name -> name.toString().endsWith(".java")).toList()) {
        assertThat(Files.readAllLines(file)).as("%s", file).hasSizeLessThan(LINES_AT_MOST);
      }
    }
  }
}
