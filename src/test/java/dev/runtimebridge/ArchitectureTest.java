package dev.runtimebridge;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The rooms, who may touch whom, and what no source file may be. */
class ArchitectureTest {
    private static final String ROOT = "dev.runtimebridge";
    private static final int LONGEST_SOURCE = 300;

    private static final JavaClasses BRIDGE =
            new ClassFileImporter()
                    .withImportOption(location -> !location.contains("/test-classes/"))
                    .importPackages(ROOT);

    /** Each room with the rooms it may use. Main and Wiring, in the root, may use all. */
    static final List<Room> ROOMS =
            List.of(
                    new Room("allocation"),
                    new Room("secret", "allocation"),
                    new Room("catalog", "allocation"),
                    new Room("provider", "allocation", "catalog"),
                    new Room("agent", "allocation", "provider", "secret"),
                    new Room("auth", "agent", "allocation", "provider", "secret"),
                    new Room("launch", "agent", "allocation", "catalog", "provider"),
                    new Room("fleet", "agent", "allocation", "catalog", "provider", "secret"),
                    new Room("upkeep", "allocation", "fleet", "launch", "provider"),
                    new Room("gateway", "allocation", "auth", "provider", "secret"),
                    new Room(
                            "config",
                            "auth",
                            "fleet",
                            "gateway",
                            "launch",
                            "provider",
                            "provider.docker",
                            "provider.fargate",
                            "secret",
                            "upkeep"),
                    new Room("cli", "allocation", "secret"),
                    new Room("telemetry"),
                    new Room("openapi"),
                    new Room(
                            "emulator",
                            "emulator.script",
                            "emulator.region",
                            "emulator.wire",
                            "emulator.stub"),
                    new Room("emulator.script"),
                    new Room("emulator.region", "emulator.script"),
                    new Room("emulator.wire", "emulator.region", "emulator.script"),
                    new Room("emulator.stub", "emulator.region"),
                    new Room("provider.local", "allocation", "catalog", "provider"),
                    new Room("provider.docker", "allocation", "catalog", "provider"),
                    new Room("provider.fargate", "allocation", "catalog", "provider", "secret"),
                    new Room(
                            "store",
                            "agent",
                            "allocation",
                            "auth",
                            "catalog",
                            "fleet",
                            "gateway",
                            "launch",
                            "provider",
                            "secret"),
                    new Room(
                            "http",
                            "http.wire",
                            "agent",
                            "allocation",
                            "auth",
                            "catalog",
                            "gateway",
                            "launch",
                            "openapi",
                            "provider",
                            "secret"),
                    new Room("http.wire", "allocation", "auth", "catalog", "gateway", "provider"));

    /** One vendor's library, one room. */
    static final List<Vendor> VENDORS =
            List.of(
                    new Vendor("io.javalin", "http", "emulator"),
                    new Vendor("org.eclipse.jetty", "http", "emulator"),
                    new Vendor("jakarta.servlet", "http", "emulator"),
                    new Vendor("io.github.bucket4j", "http", "provider.fargate", "emulator"),
                    new Vendor("java.sql", "store"),
                    new Vendor("javax.sql", "store"),
                    new Vendor("org.jdbi", "store"),
                    new Vendor("com.zaxxer", "store"),
                    new Vendor("org.flywaydb", "store"),
                    new Vendor("org.h2", "store"),
                    new Vendor("com.mysql", "store"),
                    new Vendor("com.auth0", "auth", "secret"),
                    new Vendor("software.amazon", "provider.fargate"),
                    new Vendor("com.github.dockerjava", "provider.docker"),
                    new Vendor("io.micrometer", "telemetry"),
                    new Vendor("io.github.cdimascio", "config"),
                    new Vendor("com.jcraft", "cli"));

    record Room(String name, Set<String> mayUse) {
        Room(String name, String... mayUse) {
            this(name, Set.of(mayUse));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    record Vendor(String prefix, Set<String> rooms) {
        Vendor(String prefix, String... rooms) {
            this(prefix, Set.of(rooms));
        }

        @Override
        public String toString() {
            return prefix;
        }
    }

    @ParameterizedTest
    @FieldSource("ROOMS")
    void aRoomTouchesOnlyTheRoomsItMay(Room room) {
        var allowed =
                Stream.concat(Stream.of(room.name), room.mayUse.stream())
                        .map(ArchitectureTest::packageOf)
                        .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(packageOf(room.name))
                .should()
                .dependOnClassesThat(
                        resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(allowed))))
                .allowEmptyShould(true)
                .check(BRIDGE);
    }

    @ParameterizedTest
    @FieldSource("VENDORS")
    void aVendorsLibraryIsKnownInItsRoomAlone(Vendor vendor) {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        vendor.rooms.stream()
                                .map(room -> packageOf(room) + "..")
                                .toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(vendor.prefix + "..")
                .check(BRIDGE);
    }

    @Test
    void theHeartDependsOnTheJdkAlone() {
        classes()
                .that()
                .resideInAPackage(packageOf("allocation"))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", packageOf("allocation"))
                .check(BRIDGE);
    }

    @Test
    void theEnvironmentIsReadInConfigAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackage(packageOf("config"))
                .should()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .check(BRIDGE);
    }

    @Test
    void roomsDoNotTurnInCircles() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(BRIDGE);
    }

    @Test
    void noClassIsNamedAfterNothing() {
        noClasses()
                .should()
                .haveNameMatching(".*(Utils?|Helpers?|Manager|Impl|Base)")
                .check(BRIDGE);
    }

    @Test
    void nothingKeepsStaticStateThatCanChange() {
        assertThat(
                        BRIDGE.stream()
                                .flatMap(type -> type.getFields().stream())
                                .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
                                .filter(field -> !field.getModifiers().contains(JavaModifier.FINAL))
                                .map(field -> field.getFullName()))
                .isEmpty();
    }

    @Test
    void everyRoomIsOnThePlan() {
        var known = new TreeSet<String>();
        ROOMS.forEach(room -> known.add(packageOf(room.name)));
        known.add(ROOT);
        var present = new TreeSet<String>();
        BRIDGE.forEach(type -> present.add(type.getPackageName()));

        assertThat(known).containsAll(present);
    }

    @Test
    void noSourceFileIsLongerThan300Lines() throws IOException {
        var tooLong =
                sources(
                        file -> {
                            try (var lines = Files.lines(file)) {
                                return lines.count() > LONGEST_SOURCE;
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
        assertThat(tooLong).isEmpty();
    }

    @Test
    void everyPackageSaysWhatLivesThere() throws IOException {
        assertThat(sources(file -> !Files.exists(file.resolveSibling("package-info.java"))))
                .isEmpty();
    }

    private static List<Path> sources(Predicate<Path> which) throws IOException {
        var root = Path.of(System.getProperty("basedir", "src")).resolve("..").normalize();
        var found = new ArrayList<Path>();
        for (var module : List.of("src/main/java", "runtime-agent/src/main", "openapi/src/main")) {
            try (var files = Files.walk(root.resolve(module))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .filter(which)
                        .map(root::relativize)
                        .forEach(found::add);
            }
        }
        return found;
    }

    private static String packageOf(String room) {
        return ROOT + "." + room;
    }
}
