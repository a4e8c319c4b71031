package dev.runtimeagent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses AGENT =
            new ClassFileImporter()
                    .withImportOption(location -> !location.contains("test-classes"))
                    .importPackages("dev.runtimeagent");

    @Test
    void roomsHaveNoCycles() {
        slices().matching("dev.runtimeagent.(*)..").should().beFreeOfCycles().check(AGENT);
    }

    @Test
    void nothingTouchesTheWiring() {
        noClasses()
                .that()
                .resideInAPackage("dev.runtimeagent.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.runtimeagent")
                .check(AGENT);
    }

    @Test
    void jettyIsTouchedByHttpTheTerminalAndForwardingAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.runtimeagent.http..",
                        "dev.runtimeagent.terminal..",
                        "dev.runtimeagent.forward..",
                        "dev.runtimeagent")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.eclipse.jetty..")
                .check(AGENT);
    }

    @Test
    void minaAndPty4jAreTouchedBySshAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.runtimeagent.ssh..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.sshd..", "com.pty4j..", "com.sun.jna..")
                .check(AGENT);
    }

    @Test
    void socketIoAndJschAreTouchedByTheTerminalAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.runtimeagent.terminal..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.socket..", "com.jcraft.jsch..")
                .allowEmptyShould(true)
                .check(AGENT);
    }

    @Test
    void theEnvironmentIsReadByConfigAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.runtimeagent.config..")
                .should()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .check(AGENT);
    }

    @Test
    void secretsKnowJavaAlone() {
        classes()
                .that()
                .resideInAPackage("dev.runtimeagent.secret..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "dev.runtimeagent.secret..", "org.jspecify..")
                .check(AGENT);
    }

    @Test
    void noClassIsCalledAfterNothing() {
        noClasses()
                .should()
                .haveNameMatching(".*(Util|Utils|Helper|Manager|Impl|Base)$")
                .check(AGENT);
    }
}
