package io.tollgate.controlplane;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.RevisionDraft;
import jakarta.persistence.EntityManager;
import java.time.Instant;

@AnalyzeClasses(packages = "io.tollgate.controlplane", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ADMIN = "io.tollgate.controlplane.admin..";
    private static final String ACME = "io.tollgate.controlplane.acme..";
    private static final String CATALOG = "io.tollgate.controlplane.catalog..";

    @ArchTest
    static final ArchRule admin_otherRooms_nobody = noClasses()
            .that()
            .resideOutsideOfPackage(ADMIN)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ADMIN)
            .because("REST is one way in: what it needs it takes from the rooms below, which work without it");

    @ArchTest
    static final ArchRule catalog_wires_neitherRestNorGrpcNorProto = noClasses()
            .that()
            .resideInAPackage(CATALOG)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "jakarta.ws.rs..",
                    "org.jboss.resteasy..",
                    "io.quarkus.resteasy..",
                    "io.vertx..",
                    "io.tollgate.admin..",
                    "io.grpc..",
                    "io.quarkus.grpc..",
                    "io.tollgate.proto..",
                    "com.google.protobuf..")
            .because("what operators want does not depend on how they say it nor on how nodes hear of it");

    @ArchTest
    static final ArchRule catalog_otherRooms_none = noClasses()
            .that()
            .resideInAPackage(CATALOG)
            .should()
            .dependOnClassesThat(resideInAPackage("io.tollgate.controlplane..")
                    .and(DescribedPredicate.not(resideInAPackage(CATALOG))))
            .because(
                    "the catalog is the lowest room: whoever judges or waits for it comes in by an interface of its own");

    @ArchTest
    static final ArchRule nouns_eachOther_onlyThroughTheDirectory = slices().matching(
                    "io.tollgate.controlplane.catalog.(service|route|plan|consumer|credential|subscription|certificate|trustroot|tokenissuer|acmeissuer|acmechallenge)..")
            .should()
            .notDependOnEachOther()
            .because("a noun finds another by the directory, so that a new noun leaves the others alone");

    @ArchTest
    static final ArchRule proto_onlySnapshotStreamAndUsage_see = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.tollgate.controlplane.snapshot..",
                    "io.tollgate.controlplane.stream..",
                    "io.tollgate.controlplane.usage..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.tollgate.proto..", "com.google.protobuf..", "io.grpc..")
            .because(
                    "rows become messages in one place and batches become rows in another; between them there are rows only");

    @ArchTest
    static final ArchRule apiModels_onlyAdmin_sees = noClasses()
            .that()
            .resideOutsideOfPackage(ADMIN)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.tollgate.admin..")
            .because("the models of the contract end where a request becomes a draft");

    @ArchTest
    static final ArchRule acme_otherRooms_onlyTheCatalog = noClasses()
            .that()
            .resideInAPackage(ACME)
            .should()
            .dependOnClassesThat(resideInAPackage("io.tollgate.controlplane..")
                    .and(DescribedPredicate.not(resideInAnyPackage(ACME, CATALOG))))
            .because("it is an operator that never sleeps: it reads and writes the catalog as the others do");

    @ArchTest
    static final ArchRule acmeLibrary_onlyAcme_sees = noClasses()
            .that()
            .resideOutsideOfPackage(ACME)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.shredzone..")
            .because("how one talks to ACME servers ends where a certificate is there");

    @ArchTest
    static final ArchRule rows_writtenByEntityManager_onlyByRevisionAuditAndTheEdge = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.tollgate.controlplane.catalog.revision..",
                    "io.tollgate.controlplane.catalog.audit..",
                    // Rows of their own, none of the catalog: kept answers and the issuer's keys.
                    "io.tollgate.controlplane.admin.answer..",
                    "io.tollgate.controlplane.admin.token..")
            .should()
            .callMethodWhere(writes(EntityManager.class))
            .because(
                    "every write of the catalog is a revision: persisted, judged, logged and audited by the revision log");

    @ArchTest
    static final ArchRule rows_writtenByPanache_nowhere = noClasses()
            .should()
            .callMethodWhere(writes(PanacheRepositoryBase.class))
            .because("repositories find rows; a row written through one would have no revision");

    @ArchTest
    static final ArchRule catalogRows_madeOrEdited_onlyInTheCatalog = noClasses()
            .that()
            .resideOutsideOfPackage(CATALOG)
            .should()
            .callMethodWhere(DescribedPredicate.describe(
                    "a method of a catalog row that gives nothing back, and so changes it",
                    call -> call.getTargetOwner().isAssignableTo(CatalogEntity.class)
                            && call.getTarget().getRawReturnType().isEquivalentTo(void.class)))
            .because(
                    "a row that is changed outside of a draft is flushed with the next one, unseen by compiler and audit");

    @ArchTest
    static final ArchRule draft_made_onlyByTheRevisionLog = classes()
            .that()
            .areAssignableTo(RevisionDraft.class)
            .should()
            .haveOnlyFinalFields()
            .andShould()
            .onlyBeAccessed()
            .byClassesThat(resideInAnyPackage(CATALOG, ADMIN))
            .because("whoever holds a draft is inside the transaction and holds the lock of the counter");

    @ArchTest
    static final ArchRule catalogFields_public_none = fields().that()
            .areDeclaredInClassesThat()
            .areAssignableTo(CatalogEntity.class)
            .should()
            .bePrivate()
            .because("an edit is a method that says what it does");

    @ArchTest
    static final ArchRule rooms_cycles_none = slices().matching("io.tollgate.controlplane.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a room that can be read alone can be tested alone");

    @ArchTest
    static final ArchRule subrooms_cycles_none = slices().matching("io.tollgate.controlplane.(*).(*)..")
            .should()
            .beFreeOfCycles()
            .because("two rooms that need each other are one room with a wall in it");

    @ArchTest
    static final ArchRule time_wallClock_isPassedIn = noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now")
            .because("time comes from the one clock that is injected, so that a test can choose it");

    private static DescribedPredicate<JavaMethodCall> writes(Class<?> owner) {
        DescribedPredicate<AccessTarget> target =
                DescribedPredicate.describe("", t -> assignableTo(owner).test(t.getOwner()) && isWrite(t.getName()));
        return DescribedPredicate.describe(
                "persist, merge, remove, update or delete of " + owner.getSimpleName(),
                call -> target.test(call.getTarget()));
    }

    private static boolean isWrite(String method) {
        return method.startsWith("persist")
                || method.startsWith("delete")
                || method.equals("merge")
                || method.equals("remove")
                || method.equals("update");
    }
}
