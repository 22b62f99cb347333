package io.tollgate.engine;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.tollgate.engine", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule route_otherRooms_onlyWhatFollows = room("route", "action", "template", "upstream")
            .because("what matched only needs to know what becomes of it, so routing can be judged without callers");

    @ArchTest
    static final ArchRule action_otherRooms_onlyTemplateAndUpstream = room("action", "template", "upstream")
            .because("what becomes of a request is said without knowing how it was found");

    @ArchTest
    static final ArchRule template_otherRooms_none =
            room("template").because("a text that asks for facts must not know where they come from");

    @ArchTest
    static final ArchRule upstream_otherRooms_onlyTls = room("upstream", "tls")
            .because("where and how to send a call does not depend on what matched or who calls");

    @ArchTest
    static final ArchRule tls_otherRooms_none =
            room("tls").because("a certificate is the same whoever shows it, a listener or a service");

    @ArchTest
    static final ArchRule quota_otherRooms_none = room("quota")
            .because("counting must not know what it counts, or every limit would need a counter of its own");

    @ArchTest
    static final ArchRule address_otherRooms_none =
            room("address").because("an address is the same whoever asks where a call comes from");

    @ArchTest
    static final ArchRule listener_otherRooms_onlyAddressAndTls = room("listener", "address", "tls")
            .because("where calls come in is known before anything is known of a call");

    @ArchTest
    static final ArchRule consumer_otherRooms_quotaAddressAndAccess = room("consumer", "quota", "address", "access")
            .because("who calls knows how much they may and from where, and routes by ordinal only, so keys survive a "
                    + "change of routes");

    @ArchTest
    static final ArchRule access_otherRooms_onlyAddressRouteAndExpression = room(
                    "access", "address", "route", "expression")
            .because("rules ask for facts of a call, however they came to be known");

    @ArchTest
    static final ArchRule expression_otherRooms_none = room("expression")
            .because("a sentence about a call is checked and measured without knowing any other rule");

    @ArchTest
    static final ArchRule cel_onlyExpression_sees = noClasses()
            .that()
            .resideOutsideOfPackage("io.tollgate.engine.expression..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.cel..")
            .because("a library that runs what somebody wrote is used in one room, which bounds what it may cost");

    @ArchTest
    static final ArchRule token_otherRooms_onlyTls =
            room("token", "tls").because("whether a token holds does not depend on whom it proves or what is called");

    @ArchTest
    static final ArchRule password_otherRooms_onlyConsumer = room("password", "consumer")
            .because("whether a password fits its digest does not depend on whose it is or what is called");

    @ArchTest
    static final ArchRule signature_otherRooms_onlyConsumerAndToken = room("signature", "consumer", "token")
            .because(
                    "whether a request was signed does not depend on who may call what, and keys are read in one room");

    @ArchTest
    static final ArchRule bouncycastle_onlyPassword_sees = noClasses()
            .that()
            .resideOutsideOfPackage("io.tollgate.engine.password..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.bouncycastle..")
            .because("the one thing that the JDK lacks is asked for in one room");

    @ArchTest
    static final ArchRule jose_onlyToken_sees = noClasses()
            .that()
            .resideOutsideOfPackage("io.tollgate.engine.token..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.nimbusds..", "com.fasterxml.jackson.core..")
            .because("a library that reads what strangers send is used in one room, behind rules of our own");

    @ArchTest
    static final ArchRule policy_otherRooms_thoseFour = room(
                    "policy",
                    "route",
                    "action",
                    "template",
                    "consumer",
                    "quota",
                    "upstream",
                    "access",
                    "token",
                    "signature")
            .because("a policy speaks of the other rooms and none of them of policies");

    @ArchTest
    static final ArchRule proto_onlyCompile_sees = noClasses()
            .that()
            .resideOutsideOfPackage("io.tollgate.engine.compile..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.tollgate.proto..", "com.google.protobuf..")
            .because("the wire is parsed once, at the edge, into types that cannot be invalid");

    @ArchTest
    static final ArchRule engine_libraries_onlySmallAndPure = noClasses()
            .should()
            .dependOnClassesThat(resideOutsideOfPackages(
                    "java..",
                    "javax.crypto..",
                    "javax.security.auth.x500..",
                    "io.tollgate.engine..",
                    "io.tollgate.proto.config..",
                    "com.google.protobuf..",
                    "com.github.benmanes.caffeine..",
                    "com.google.re2j..",
                    "dev.cel..",
                    "com.nimbusds.jose..",
                    "com.fasterxml.jackson.core..",
                    "org.bouncycastle.crypto..",
                    "org.jspecify..",
                    ""))
            .because("both planes load the engine, and neither may inherit the other's HTTP, gRPC or database");

    @ArchTest
    static final ArchRule explain_noRoom_knowsIt = noClasses()
            .that()
            .resideOutsideOfPackage("io.tollgate.engine.explain..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.tollgate.engine.explain..")
            .because("it puts into words what the other rooms decide, and nothing may be decided by its words");

    @ArchTest
    static final ArchRule rooms_cycles_none = slices().matching("io.tollgate.engine.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a room that can be read alone can be tested alone");

    @ArchTest
    static final ArchRule time_isPassedIn = noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .because("a decision that reads a clock cannot be tested, nor made again by the other plane");

    @ArchTest
    static final ArchRule records_compiledConfiguration_hasOnlyFinalFields = classes()
            .that(resideInAPackage("io.tollgate.engine.policy.."))
            .should()
            .beRecords()
            .orShould()
            .beInterfaces()
            .orShould()
            .beEnums()
            .because("compiled configuration is replaced, never changed");

    @ArchTest
    static final ArchRule configuration_compiled_hasOnlyFinalFields = classes()
            .that()
            .resideInAnyPackage("io.tollgate.engine.route..", "io.tollgate.engine.consumer..")
            // What builds it, and what one thread works with: the answer of a lookup, the buffer of a hasher.
            .and()
            .haveNameNotMatching(".*(Builder(\\$.*)?|\\.RouteMatch|\\.RequestTarget|\\.KeyHasher)")
            .should()
            .haveOnlyFinalFields()
            .because("configuration is replaced and state adopted: what a request holds cannot change under it");

    @ArchTest
    static final ArchRule compile_otherRooms_nobodySees = noClasses()
            .that()
            .resideOutsideOfPackages("io.tollgate.engine.compile..", "io.tollgate.engine.explain..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.tollgate.engine.compile..")
            .because("compiling is what happens to the rooms, not what they do");

    private static com.tngtech.archunit.lang.syntax.elements.ClassesShouldConjunction room(String room, String... may) {
        String[] allowed = new String[may.length + 1];
        for (int i = 0; i < may.length; i++) {
            allowed[i] = "io.tollgate.engine." + may[i] + "..";
        }
        allowed[may.length] = "io.tollgate.engine." + room + "..";
        return noClasses()
                .that()
                .resideInAPackage("io.tollgate.engine." + room + "..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.tollgate.engine..").and(resideOutsideOfPackages(allowed)));
    }
}
