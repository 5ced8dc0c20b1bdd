"""The interface that moto's CloudFormation expects of a resource."""


class Resource:
    """A resource of a stack. Subclasses also have the classmethods `create_from_cloudformation_json` and
    `update_from_cloudformation_json`."""

    resource_type = ""
    physical_resource_id: str
    arn: str

    def is_created(self) -> bool:
        return True

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return True

    def get_cfn_attribute(self, attribute_name: str) -> str:
        return self.arn if attribute_name.endswith("Arn") else self.physical_resource_id
