-- The revision under way is rolled back.
if obj.metadata.annotations == nil then
  obj.metadata.annotations = {}
end
obj.metadata.annotations["edgerelease.dev/abort"] = "r" .. obj.status.revision
return obj
