package io.tollgate.node;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.tollgate.node.filter.Edit;
import io.tollgate.node.filter.Filter;

@AnalyzeClasses(packages = "io.tollgate.node", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final DescribedPredicate<JavaClass> PROTO =
            resideInAnyPackage("io.tollgate.proto..", "com.google.protobuf..", "io.grpc..", "io.vertx.grpc..");

    @ArchTest
    static final ArchRule exchange_otherRooms_none = noClasses()
            .that()
            .resideInAPackage("io.tollgate.node.exchange..")
            .should()
            .dependOnClassesThat(nodeRoomsExcept("exchange"))
            .because("the facts of a request are what every room shares, so they may know none of them");

    @ArchTest
    static final ArchRule filter_otherRooms_onlyExchange = noClasses()
            .that()
            .resideInAPackage("io.tollgate.node.filter..")
            .should()
            .dependOnClassesThat(nodeRoomsExcept("filter", "exchange"))
            .because("a decision sees the request and the engine, not how it is answered");

    @ArchTest
    static final ArchRule credential_otherRooms_onlyWhatItUses = noClasses()
            .that()
            .resideInAPackage("io.tollgate.node.credential..")
            .should()
            .dependOnClassesThat(nodeRoomsExcept("credential", "exchange", "filter", "home", "secure"))
            .because("what is found out about a caller does not depend on what becomes of the call");

    @ArchTest
    static final ArchRule answer_otherRooms_onlyExchange = noClasses()
            .that()
            .resideInAPackage("io.tollgate.node.answer..")
            .should()
            .dependOnClassesThat(nodeRoomsExcept("answer", "exchange"))
            .because("an answerer reaches the loop's relay through the exchange, so it is the same on every loop");

    @ArchTest
    static final ArchRule coding_otherRooms_none = noClasses()
            .that()
            .resideInAPackage("io.tollgate.node.coding..")
            .should()
            .dependOnClassesThat(nodeRoomsExcept("coding"))
            .because("bytes in another coding need no request");

    @ArchTest
    static final ArchRule proxy_otherRooms_onlyWhatItUses = noClasses()
            .that()
            .resideInAPackage("io.tollgate.node.proxy..")
            .should()
            .dependOnClassesThat(nodeRoomsExcept("proxy", "coding", "exchange", "secure", "telemetry"))
            .because("copying bytes knows no rules of admission");

    @ArchTest
    static final ArchRule secure_otherRooms_none = noClasses()
            .that()
            .resideInAPackage("io.tollgate.node.secure..")
            .should()
            .dependOnClassesThat(nodeRoomsExcept("secure"))
            .because("whom to believe does not depend on what is asked afterwards");

    @ArchTest
    static final ArchRule pipeline_otherRooms_onlyWhatItOrders = noClasses()
            .that()
            .resideInAPackage("io.tollgate.node.pipeline..")
            .should()
            .dependOnClassesThat(nodeRoomsExcept("pipeline", "filter", "answer", "coding", "exchange"))
            .because("a pipeline orders decisions and an answer; sockets are below it and streams beside it");

    @ArchTest
    static final ArchRule decisions_futures_none = noClasses()
            .that()
            .resideInAnyPackage("io.tollgate.node.filter..", "io.tollgate.node.pipeline..")
            .should()
            .dependOnClassesThat()
            .haveNameMatching("io\\.vertx\\.core\\.(Future|Promise)|java\\.util\\.concurrent\\..*|io\\.netty\\..*")
            .because("a decision is arithmetic on memory: what waits or locks is no decision");

    @ArchTest
    static final ArchRule filters_all_records = classes()
            .that()
            .implement(Filter.class)
            .or()
            .implement(Edit.class)
            .should()
            .beRecords()
            .because("configuration is replaced, never changed, and a record cannot hold a count by accident");

    @ArchTest
    static final ArchRule tops_onlyMain_names = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.tollgate.node",
                    "io.tollgate.node.listener..",
                    "io.tollgate.node.sync..",
                    "io.tollgate.node.ops..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.tollgate.node.listener..", "io.tollgate.node.sync..", "io.tollgate.node.ops..")
            .because("listener, sync and ops are where the process begins; who else needs one asks for too much");

    @ArchTest
    static final ArchRule tops_eachOther_none = slices().matching("io.tollgate.node.(listener|sync|ops)..")
            .should()
            .notDependOnEachOther()
            .because("requests, configuration and operations meet in the active snapshot, not in each other");

    @ArchTest
    static final ArchRule tops_inTheRoot_onlyTheNodeNames = noClasses()
            .that()
            .resideInAPackage("io.tollgate.node")
            .and()
            .haveNameNotMatching("io\\.tollgate\\.node\\.Node(Figures)?(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.tollgate.node.listener..", "io.tollgate.node.sync..", "io.tollgate.node.ops..")
            .because("objects are made in one place, which reads top to bottom");

    @ArchTest
    static final ArchRule pipeline_fields_final = classes()
            .that()
            .resideInAPackage("io.tollgate.node.pipeline..")
            .and()
            .doNotHaveSimpleName("ActiveSnapshot")
            .should()
            .haveOnlyFinalFields()
            .because(
                    "compiled configuration is replaced by one volatile write, which ActiveSnapshot has, and never changed");

    @ArchTest
    static final ArchRule proto_onlySyncUsageAndDial_see = noClasses()
            .that()
            .resideOutsideOfPackages("io.tollgate.node.sync..", "io.tollgate.node.usage..", "io.tollgate.node.dial..")
            .should()
            .dependOnClassesThat(PROTO)
            .because("the wire ends where it comes in and where it goes out");

    @ArchTest
    static final ArchRule time_onlyMain_reads = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.tollgate.node.Main")
            .and(DescribedPredicate.not(resideInAPackage("io.tollgate.node.Main$..")))
            .and()
            .haveNameNotMatching("io\\.tollgate\\.node\\.Main\\$.*")
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .because("time is passed in, so that a test can choose it");

    @ArchTest
    static final ArchRule explain_onlyOps_knows = noClasses()
            .that()
            .resideOutsideOfPackage("io.tollgate.node.ops..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.tollgate.engine.explain..")
            .because("words for people are made where people ask, and never on the way of a request");

    @ArchTest
    static final ArchRule rooms_cycles_none = slices().matching("io.tollgate.node.(*)..")
            .should()
            .beFreeOfCycles()
            .because("two rooms that need each other are one room with a wall in it");

    private static DescribedPredicate<JavaClass> nodeRoomsExcept(String... rooms) {
        String[] packages = new String[rooms.length];
        for (int i = 0; i < rooms.length; i++) {
            packages[i] = "io.tollgate.node." + rooms[i] + "..";
        }
        return resideInAPackage("io.tollgate.node..").and(DescribedPredicate.not(resideInAnyPackage(packages)));
    }
}
