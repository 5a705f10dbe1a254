-- The revision under way skips the soaks and approvals that it still has.
if obj.metadata.annotations == nil then
  obj.metadata.annotations = {}
end
obj.metadata.annotations["edgerelease.dev/promote"] = "r" .. obj.status.revision
return obj
