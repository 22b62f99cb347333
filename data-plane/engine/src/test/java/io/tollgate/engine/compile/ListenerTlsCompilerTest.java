package io.tollgate.engine.compile;

import static io.tollgate.engine.fixture.Wires.gateway;
import static io.tollgate.engine.fixture.Wires.id;
import static io.tollgate.engine.fixture.Wires.listener;
import static io.tollgate.engine.fixture.Wires.put;
import static io.tollgate.engine.fixture.Wires.service;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.tollgate.engine.fixture.TestAuthority;
import io.tollgate.engine.fixture.TestAuthority.Issued;
import io.tollgate.engine.listener.ListenerTls;
import io.tollgate.engine.quota.CounterTable;
import io.tollgate.engine.tls.CertificateIndex.Shown;
import io.tollgate.engine.tls.ClientCertificates;
import io.tollgate.engine.tls.TlsProfile;
import io.tollgate.engine.upstream.TargetTable;
import io.tollgate.proto.config.v1.Certificate;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.ObjectKind;
import io.tollgate.proto.config.v1.TrustRoot;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ListenerTlsCompilerTest {
    private static final TestAuthority ROOT = TestAuthority.root("root");
    private static final Issued A = ROOT.ecdsaFor("a.example.com");
    private static final Issued B = ROOT.rsaFor("b.example.com");

    private final WireConfiguration wire = new WireConfiguration();
    private final ConfigurationCompiler compiler = new ConfigurationCompiler(new CounterTable(), new TargetTable());
    private @Nullable CompiledConfiguration current;

    private static Change certificate(String name, Issued issued) {
        return change(
                ObjectKind.OBJECT_KIND_CERTIFICATE,
                name,
                Certificate.newBuilder()
                        .setId(id(name))
                        .setName(name)
                        .setCertificateChain(issued.chainPem())
                        .setPrivateKey(ByteString.copyFrom(issued.key()))
                        .build());
    }

    private static Change trustRoot(String name) {
        return change(
                ObjectKind.OBJECT_KIND_TRUST_ROOT,
                name,
                TrustRoot.newBuilder()
                        .setId(id(name))
                        .setName(name)
                        .setCertificates(ROOT.certificatePem())
                        .build());
    }

    private static Change change(ObjectKind kind, String name, Message object) {
        return Change.newBuilder()
                .setKind(kind)
                .setId(id(name))
                .setObject(object.toByteString())
                .build();
    }

    private static Change edge(io.tollgate.proto.config.v1.ListenerTls.Builder tls) {
        return put(listener("edge", 8443).setTls(tls));
    }

    private static io.tollgate.proto.config.v1.ListenerTls.Builder tls() {
        return io.tollgate.proto.config.v1.ListenerTls.newBuilder();
    }

    private CompileResult compile(Change... changes) {
        wire.apply(List.of(changes));
        CompileResult result = compiler.compile(wire, 1, current);
        if (result instanceof CompileResult.Compiled compiled) {
            current = compiled.configuration();
        }
        return result;
    }

    private ListenerTls compiled(Change... changes) {
        CompileResult result = compile(changes);
        assertThat(result).isInstanceOf(CompileResult.Compiled.class);
        return Objects.requireNonNull(((CompileResult.Compiled) result)
                .configuration()
                .listeners()
                .get(0)
                .tls());
    }

    private static List<String> names(ListenerTls tls) {
        return tls.certificates().all().stream()
                .map(Shown::certificate)
                .map(io.tollgate.engine.tls.Certificate::name)
                .toList();
    }

    @Test
    void compile_nothingSaid_isIntermediateWithAllCertificatesByName() {
        ListenerTls tls = compiled(gateway(), certificate("b", B), certificate("a", A), edge(tls()));

        assertThat(tls.profile()).isEqualTo(TlsProfile.INTERMEDIATE);
        assertThat(tls.clientCertificates()).isEqualTo(ClientCertificates.NONE);
        assertThat(names(tls)).containsExactly("a", "b");
    }

    @Test
    void compile_allSaid_isWhatItSays() {
        ListenerTls tls = compiled(
                gateway(),
                certificate("a", A),
                certificate("b", B),
                trustRoot("partners"),
                edge(tls().setProfileValue(1)
                        .addCertificateIds(id("b"))
                        .setClientCertificatesValue(3)
                        .addTrustRootIds(id("partners"))));

        assertThat(tls.profile()).isEqualTo(TlsProfile.MODERN);
        assertThat(tls.clientCertificates()).isEqualTo(ClientCertificates.REQUIRE);
        assertThat(tls.trusted()).containsExactly(ROOT.certificate());
        assertThat(names(tls)).containsExactly("b");
    }

    @Test
    void compile_certificateReplaced_listenerShowsTheNewOne() {
        compiled(gateway(), certificate("a", A), edge(tls()));
        Issued next = ROOT.ecdsaFor("a.example.com");

        ListenerTls tls = compiled(certificate("a", next));

        assertThat(tls.certificates().all().get(0).certificate().chain().leaf()).isEqualTo(next.certificate());
        assertThat(compiled()).as("nothing changed").isSameAs(tls);
    }

    private static Change awaited(String name) {
        return change(
                ObjectKind.OBJECT_KIND_CERTIFICATE,
                name,
                Certificate.newBuilder().setId(id(name)).setName(name).build());
    }

    @Test
    void compile_certificateStillToBeGot_isShownFromWhenItIsThere() {
        ListenerTls named =
                compiled(gateway(), awaited("a"), certificate("b", B), edge(tls().addCertificateIds(id("a"))));

        assertThat(names(named)).as("not all the others instead").isEmpty();
        assertThat(names(compiled(certificate("a", A)))).containsExactly("a");
        assertThat(names(compiled(edge(tls()), awaited("a")))).containsExactly("b");
    }

    @Test
    void compile_serviceWithACertificateStillToBeGot_isAProblem() {
        compile(gateway());
        refuses(
                "/tls/client_certificate " + id("a") + " (expected: a certificate that is there already)",
                awaited("a"),
                put(service("petstore")
                        .setTls(io.tollgate.proto.config.v1.UpstreamTls.newBuilder()
                                .setClientCertificateId(id("a")))));
    }

    @Test
    void compile_whatCannotBe_namesTheMember() {
        refuses("/tls/certificates none (expected: a certificate to show)", gateway(), edge(tls()));
        refuses(
                "/tls/certificates/0 " + id("gone") + " (expected: the id of a certificate that exists)",
                certificate("a", A),
                edge(tls().addCertificateIds(id("gone"))));
        refuses(
                "/tls/trust_roots none (expected: at least one, since clients are asked for certificates)",
                edge(tls().setClientCertificatesValue(2)));
        refuses(
                "/tls/trust_roots 1 trust roots (expected: none, since client_certificates is none)",
                trustRoot("partners"),
                edge(tls().addTrustRootIds(id("partners"))));
        refuses(
                "/tls/certificates/1 " + id("a") + " (expected: each once)",
                edge(tls().addCertificateIds(id("a")).addCertificateIds(id("a"))));
        refuses("/tls/profile 9 (expected: modern or intermediate)", edge(tls().setProfileValue(9)));
        refuses(
                "/tls/client_certificates 9 (expected: none, request or require)",
                edge(tls().setClientCertificatesValue(9)));
    }

    private void refuses(String problem, Change... changes) {
        CompileResult result = compile(changes);
        assertThat(result).as(problem).isInstanceOf(CompileResult.Refused.class);
        assertThat(((CompileResult.Refused) result).problems())
                .extracting(one -> one.pointer() + " " + one.detail())
                .containsExactly(problem);
    }
}
