package io.tollgate.controlplane.catalog.team;

import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.revision.ObjectRef;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.Table;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** A team as its row says it. Worker threads only. */
@Entity
@Table(name = "team")
public class TeamEntity extends CatalogEntity {
    @Column(nullable = false)
    private String name;

    @Column(nullable = false)
    private String description;

    @ElementCollection
    @CollectionTable(name = "team_member", joinColumns = @JoinColumn(name = "team_id"))
    private Set<TeamMember> members = new HashSet<>();

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(name = "member_tags", nullable = false)
    private List<String> memberTags = List.of();

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false)
    private List<String> tags = List.of();

    protected TeamEntity() {}

    void apply(TeamDraft draft, Set<TeamMember> wanted) {
        name = draft.name();
        description = draft.description();
        // Difference only: rows that stay are not deleted and inserted again.
        members.retainAll(wanted);
        members.addAll(wanted);
        memberTags = List.copyOf(draft.memberTags());
        tags = List.copyOf(draft.tags());
    }

    void add(TeamMember member) {
        members.add(member);
    }

    void drop(TeamMember member) {
        members.remove(member);
    }

    @Override
    public String name() {
        return name;
    }

    public String description() {
        return description;
    }

    /** Ids of the objects of one kind that it names. */
    public Set<UUID> members(ObjectKind kind) {
        return members.stream()
                .filter(member -> member.objectKind().equals(kind.word()))
                .map(TeamMember::objectId)
                .collect(Collectors.toSet());
    }

    public List<String> memberTags() {
        return memberTags;
    }

    public List<String> tags() {
        return tags;
    }

    @Override
    public ObjectKind kind() {
        return ObjectKind.TEAM;
    }

    @Override
    public ObjectRef owner() {
        return new ObjectRef(ObjectKind.TEAM, id());
    }
}
