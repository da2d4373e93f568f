package io.tidegate.gateway;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.NullMarked;

/** The rules of docs/contributing.md, by their numbers, as far as bytecode shows them. */
@AnalyzeClasses(
    packages = "io.tidegate.gateway",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final String ROOT = "io.tidegate.gateway";

  // Rule 1.
  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule nobodySeesTheCompositionRoot =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT);

  // Rule 2.
  @ArchTest static final ArchRule protocolIsAtTheBottom = seesOfTheGatewayOnly("protocol");

  @ArchTest static final ArchRule metricsAreAtTheBottom = seesOfTheGatewayOnly("metrics");

  @ArchTest static final ArchRule addressIsAtTheBottom = seesOfTheGatewayOnly("address");

  @ArchTest
  static final ArchRule hubSeesTheBottomOnly = seesOfTheGatewayOnly("hub", "protocol", "metrics");

  @ArchTest
  static final ArchRule authSeesTheBottomOnly = seesOfTheGatewayOnly("auth", "protocol", "metrics");

  @ArchTest
  static final ArchRule limitsSeeTheBottomOnly =
      seesOfTheGatewayOnly("limits", "protocol", "metrics");

  @ArchTest
  static final ArchRule servicesSeeTheBottomOnly =
      seesOfTheGatewayOnly("service", "protocol", "metrics");

  // Rule 3; that hub sees neither session nor edge nor api follows from rule 2.
  @ArchTest
  static final ArchRule sessionSeesConnectionsAndNotWhatCarriesThem =
      seesOfTheGatewayOnly("session", "hub", "auth", "limits", "service", "protocol", "metrics");

  @ArchTest
  static final ArchRule wireSeesSessionsLimitsAndTheBottomOnly =
      seesOfTheGatewayOnly("wire", "session", "limits", "protocol", "metrics");

  @ArchTest static final ArchRule opsSeesNoClients = seesOfTheGatewayOnly("ops", "metrics");

  // Rule 4.
  @ArchTest
  static final ArchRule configurationIsReadAtTheRootOnly =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOT, ROOT + ".config")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT + ".config");

  @ArchTest
  static final ArchRule backplanesAloneNamesAnImplementation =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(Backplanes.class.getName())
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.tidegate.backplane.(*)..");

  // Rule 5.
  @ArchTest
  static final ArchRule httpStaysInTheServers =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOT + ".edge", ROOT + ".api", ROOT + ".ops", ROOT + ".service")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx.core.http..", "io.vertx.ext.web..");

  @ArchTest
  static final ArchRule nettyHandlersStayInWire =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".wire")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty.handler..");

  @ArchTest
  static final ArchRule nettyChannelsStayInWire =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".wire")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty.channel..");

  @ArchTest
  static final ArchRule hazelcastStaysInItsBackplane =
      noClasses().should().dependOnClassesThat().resideInAPackage("com.hazelcast..");

  @ArchTest
  static final ArchRule prometheusStaysInMetricsAndOps =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOT + ".metrics", ROOT + ".ops")
          .and()
          .doNotHaveFullyQualifiedName(Gateway.class.getName())
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.prometheus..");

  @ArchTest
  static final ArchRule protobufStaysInItsCodec =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".protocol")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.google.protobuf..");

  // Rule 6.
  @ArchTest
  static final ArchRule nobodySleepsOrBlocks =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(Main.class.getName())
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Future.class, "await")
          .orShould()
          .callMethod(CompletableFuture.class, "join")
          .orShould()
          .callMethod(CompletableFuture.class, "get")
          .orShould()
          .callMethod(CountDownLatch.class, "await");

  @ArchTest
  static final ArchRule timeAndRandomnessArePassedIn =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT)
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

  // Rule 7.
  @ArchTest
  static final ArchRule classesAreClosed =
      classes().that(not(isPackageInfo())).should(ArchCondition.from(closed()));

  // Rule 8.
  @ArchTest
  static final ArchRule packagesAreNullMarked =
      classes().that(not(isPackageInfo())).should(ArchCondition.from(inNullMarkedPackage()));

  // Rule 9.
  @ArchTest
  static final ArchRule namesSayTheRole =
      noClasses().should().haveNameMatching(".*(Impl|Util|Utils|Helper|Manager)");

  private static ArchRule seesOfTheGatewayOnly(String name, String... lower) {
    DescribedPredicate<JavaClass> allowed = resideInAPackage(ROOT + "." + name + "..");
    for (String other : lower) {
      allowed = allowed.or(resideInAPackage(ROOT + "." + other + ".."));
    }
    return noClasses()
        .that()
        .resideInAPackage(ROOT + "." + name + "..")
        .should()
        .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(allowed)));
  }

  private static DescribedPredicate<JavaClass> isPackageInfo() {
    return describe("package-info", type -> type.getSimpleName().equals("package-info"));
  }

  private static DescribedPredicate<JavaClass> inNullMarkedPackage() {
    return describe(
        "in a @NullMarked package", type -> type.getPackage().isAnnotatedWith(NullMarked.class));
  }

  private static DescribedPredicate<JavaClass> closed() {
    return describe(
        "final, sealed, abstract, a record, an enum or an interface",
        type ->
            type.getModifiers().contains(JavaModifier.FINAL)
                || type.getModifiers().contains(JavaModifier.ABSTRACT)
                || type.isInterface()
                || type.isEnum()
                || type.isAnonymousClass()
                || type.reflect().isSealed());
  }
}
