package io.tollgate.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.tollgate.engine.fixture.TestAuthority;
import io.tollgate.engine.quota.CounterTable;
import io.tollgate.engine.upstream.TargetTable;
import io.tollgate.engine.upstream.TlsRules;
import io.tollgate.engine.upstream.TlsVersion;
import io.tollgate.engine.upstream.Transport;
import io.tollgate.engine.upstream.UpstreamProtocol;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.Gateway;
import io.tollgate.proto.config.v1.ObjectKind;
import io.tollgate.proto.config.v1.Route;
import io.tollgate.proto.config.v1.Service;
import io.tollgate.proto.config.v1.Target;
import io.tollgate.proto.config.v1.TrustRoot;
import io.tollgate.proto.config.v1.UpstreamTls;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransportCompilerTest {
    private static final String PETS = "00000000-0000-0000-0000-000000000001";
    private static final String ROOT = "00000000-0000-0000-0000-000000000002";
    private static final String ROUTE = "00000000-0000-0000-0000-000000000003";
    private static final TestAuthority AUTHORITY = TestAuthority.root("root");

    private final WireConfiguration wire = new WireConfiguration();
    private final ConfigurationCompiler compiler = new ConfigurationCompiler(new CounterTable(), new TargetTable());
    private @Nullable CompiledConfiguration held;

    @BeforeEach
    void gateway() {
        put(
                ObjectKind.OBJECT_KIND_GATEWAY,
                ObjectKey.GATEWAY_ID,
                Gateway.newBuilder()
                        .setKeyDigestSecret(ByteString.copyFrom(new byte[32]))
                        .build());
        put(
                ObjectKind.OBJECT_KIND_ROUTE,
                ROUTE,
                Route.newBuilder()
                        .setId(ROUTE)
                        .setName("pets")
                        .setEnabled(true)
                        .setServiceId(PETS)
                        .addPaths(io.tollgate.proto.config.v1.PathMatch.newBuilder()
                                .setKind(io.tollgate.proto.config.v1.PathMatchKind.PATH_MATCH_KIND_PREFIX)
                                .setValue("/"))
                        .build());
    }

    @Test
    void compile_nothingSaid_isHttp1InTheClear() {
        service(service());
        Transport transport = compiled();
        assertThat(transport.protocol()).isEqualTo(UpstreamProtocol.HTTP1);
        assertThat(transport.tls()).isNull();
    }

    @Test
    void compile_tlsWithNothingSaid_verifies() {
        service(service().setTls(UpstreamTls.getDefaultInstance()));
        assertThat(compiled().tls()).isEqualTo(new TlsRules("", true, TlsVersion.TLS12, null, null));
    }

    @Test
    void compile_changeOfSomethingElse_keepsTheTransport() {
        service(service().setTls(UpstreamTls.getDefaultInstance()));
        Transport before = compiled();
        service(service().setTls(UpstreamTls.getDefaultInstance()).setIdleTimeoutMillis(9));
        assertThat(compiled()).isSameAs(before);
        service(service().setTls(UpstreamTls.newBuilder().setVerify(false)));
        assertThat(compiled()).isNotSameAs(before);
    }

    @Test
    void compile_changedTrustRoot_reachesServiceAndRoute() {
        root(AUTHORITY);
        service(service().setTls(UpstreamTls.newBuilder().setTrustRootId(ROOT)));
        Transport before = compiled();
        assertThat(Objects.requireNonNull(Objects.requireNonNull(before.tls()).trustRoot())
                        .certificates())
                .containsExactly(AUTHORITY.certificate());

        TestAuthority another = TestAuthority.root("another");
        root(another);
        Transport after = compiled();
        assertThat(Objects.requireNonNull(Objects.requireNonNull(after.tls()).trustRoot())
                        .certificates())
                .containsExactly(another.certificate());
        assertThat(Objects.requireNonNull(held).routesByOrdinal().get(0).action())
                .isInstanceOfSatisfying(
                        io.tollgate.engine.action.RouteAction.Forward.class,
                        forward -> assertThat(forward.upstream().transport()).isSameAs(after));
    }

    @Test
    void compile_trustRootThatIsNotThere_isRefused() {
        service(service().setTls(UpstreamTls.newBuilder().setTrustRootId(ROOT).setClientCertificateId(ROUTE)));
        CompileResult result = compiler.compile(wire, 1, held);
        assertThat(((CompileResult.Refused) result).problems())
                .extracting(Problem::pointer)
                .containsExactlyInAnyOrder("/tls/trust_root", "/tls/client_certificate");
    }

    @Test
    void compile_trustRootThatNobodyLooksAt_isRefused() {
        root(AUTHORITY);
        service(service().setTls(UpstreamTls.newBuilder().setTrustRootId(ROOT).setVerify(false)));
        CompileResult result = compiler.compile(wire, 1, held);
        assertThat(((CompileResult.Refused) result).problems())
                .extracting(Problem::pointer)
                .containsExactly("/tls/trust_root");
    }

    private Transport compiled() {
        CompileResult result = compiler.compile(wire, 1, held);
        assertThat(result).isInstanceOf(CompileResult.Compiled.class);
        CompiledConfiguration configuration = ((CompileResult.Compiled) result).configuration();
        held = configuration;
        return Objects.requireNonNull(configuration.upstreams().get(PETS)).transport();
    }

    private static Service.Builder service() {
        return Service.newBuilder()
                .setId(PETS)
                .setName("pets")
                .setEnabled(true)
                .addTargets(Target.newBuilder()
                        .setHost("pets.internal")
                        .setPort(443)
                        .setWeight(1))
                .setConnectTimeoutMillis(1)
                .setResponseTimeoutMillis(1)
                .setIdleTimeoutMillis(1);
    }

    private void service(Service.Builder service) {
        put(ObjectKind.OBJECT_KIND_SERVICE, PETS, service.build());
    }

    private void root(TestAuthority authority) {
        put(
                ObjectKind.OBJECT_KIND_TRUST_ROOT,
                ROOT,
                TrustRoot.newBuilder()
                        .setId(ROOT)
                        .setName("internal")
                        .setCertificates(authority.certificatePem())
                        .build());
    }

    private void put(ObjectKind kind, String id, Message object) {
        wire.apply(List.of(Change.newBuilder()
                .setKind(kind)
                .setId(id)
                .setObject(object.toByteString())
                .build()));
    }
}
