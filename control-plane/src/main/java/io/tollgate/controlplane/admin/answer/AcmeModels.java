package io.tollgate.controlplane.admin.answer;

import io.tollgate.admin.model.AcmeChallenge;
import io.tollgate.admin.model.AcmeIssuer;
import io.tollgate.admin.model.Certificate;
import io.tollgate.admin.model.CertificateAcme;
import io.tollgate.admin.model.ExternalAccount;
import io.tollgate.controlplane.catalog.acmechallenge.AcmeChallengeEntity;
import io.tollgate.controlplane.catalog.acmeissuer.AcmeIssuerEntity;
import io.tollgate.controlplane.catalog.certificate.CertificateEntity;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import org.jspecify.annotations.Nullable;

/** What belongs to ACME as models of the contract, without any key. Immutable. */
final class AcmeModels {
    private AcmeModels() {}

    static AcmeIssuer of(AcmeIssuerEntity row, Names names) {
        return new AcmeIssuer()
                .id(row.id())
                .name(row.name())
                .directoryUrl(row.directoryUrl())
                .contacts(row.contacts())
                .termsOfServiceAgreed(row.termsOfServiceAgreed())
                .externalAccount(row.externalKeyId() == null ? null : new ExternalAccount().keyId(row.externalKeyId()))
                .trustRoots(Models.sorted(ObjectKind.TRUST_ROOT, row.trustRootIds(), names))
                .status(status(row))
                .accountUrl(row.accountUrl())
                .error(row.error())
                .tags(row.tags())
                .createdAt(Models.time(row.createdAt()))
                .updatedAt(Models.time(row.updatedAt()));
    }

    private static AcmeIssuer.StatusEnum status(AcmeIssuerEntity row) {
        if (row.error() != null) {
            return AcmeIssuer.StatusEnum.FAILED;
        }
        return row.accountUrl() == null ? AcmeIssuer.StatusEnum.NEW : AcmeIssuer.StatusEnum.VALID;
    }

    static @Nullable CertificateAcme of(CertificateEntity row, CertificateEntity.@Nullable Acme acme, Names names) {
        if (acme == null) {
            return null;
        }
        CertificateAcme.StatusEnum status = status(row);
        return new CertificateAcme()
                .issuer(names.of(ObjectKind.ACME_ISSUER, acme.issuerId()))
                .domains(acme.domains())
                .keyType(CertificateAcme.KeyTypeEnum.fromValue(acme.keyType()))
                .challenge(CertificateAcme.ChallengeEnum.fromValue(acme.challenge()))
                .status(status)
                .error(row.acmeError())
                .nextAttemptAt(status == CertificateAcme.StatusEnum.VALID ? null : Models.time(row.acmeNextAttemptAt()))
                .renewAt(Models.time(row.renewAt()));
    }

    private static CertificateAcme.StatusEnum status(CertificateEntity row) {
        if (row.acmeError() != null) {
            return CertificateAcme.StatusEnum.FAILED;
        }
        return row.isHeld() ? CertificateAcme.StatusEnum.VALID : CertificateAcme.StatusEnum.PENDING;
    }

    /** Takes away what changes without being written; false when there is none of it. */
    static boolean forgetHowItFares(Object model) {
        if (model instanceof AcmeIssuer issuer) {
            issuer.status(null).accountUrl(null).error(null);
            return true;
        }
        if (model instanceof Certificate certificate && certificate.getAcme() != null) {
            certificate.getAcme().status(null).error(null).nextAttemptAt(null);
            return true;
        }
        return false;
    }

    static AcmeChallenge of(AcmeChallengeEntity row) {
        return new AcmeChallenge()
                .id(row.id())
                .name(row.name())
                .type(AcmeChallenge.TypeEnum.fromValue(row.type()))
                .token(row.token())
                .domain(row.domain())
                .keyAuthorization(row.keyAuthorization())
                .tags(row.tags())
                .createdAt(Models.time(row.createdAt()))
                .updatedAt(Models.time(row.updatedAt()));
    }
}
