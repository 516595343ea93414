--[[
  Appends one commit to a partition's log, in one write command: what changed, what only the next owner needs, and the
  next offset stand or fall together.

  Guarantee: it is written exactly when the last entry is the one that this commit continues, under the same epoch. So it
  is written at most once however often it is sent, never by an owner that was replaced, and never with a hole before it.

  KEYS[1]  the partition's log, a stream with ids <next offset>-<epoch>
  ARGV[1]  epoch of the owner
  ARGV[2]  first: the next offset before this commit
  ARGV[3]  next: the next offset after it
  ARGV[4]  public delta
  ARGV[5]  private part
  ARGV[6]  CRC32 of public delta and private part, decimal
  ARGV[7]  floor: entries whose next is at or below it may be trimmed (they are only trimmed in whole nodes)

  Returns  'OK'       written now
           'DUP'      written by an earlier attempt of the same owner
           'FENCED'   another owner has claimed
           'GAP'      the server went back, or the owner skipped
           'NOSTATE'  the log is gone
]]
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
if not last then return 'NOSTATE' end

-- Identity and incarnation travel from entry to entry, so that the last one always tells them.
local first, incarnation, log
local fields = last[2]
for i = 1, #fields, 2 do
  if fields[i] == 'f' then first = fields[i + 1] end
  if fields[i] == 'i' then incarnation = fields[i + 1] end
  if fields[i] == 't' then log = fields[i + 1] end
end

local id = last[1]
if id ~= ARGV[2] .. '-' .. ARGV[1] then
  -- A claim of the same epoch may stand at this commit's end too, but has no first.
  if id == ARGV[3] .. '-' .. ARGV[1] and first == ARGV[2] then return 'DUP' end
  if string.match(id, '-(%d+)$') ~= ARGV[1] then return 'FENCED' end
  return 'GAP'
end

-- The entry itself must survive its own trimming: a log without entries has forgotten where it ended.
local keepFrom = string.format('%.0f', math.min(tonumber(ARGV[7]) + 1, tonumber(ARGV[3])))
redis.call('XADD', KEYS[1], 'MINID', '~', keepFrom, ARGV[3] .. '-' .. ARGV[1],
  'f', ARGV[2], 'd', ARGV[4], 'x', ARGV[5], 'c', ARGV[6], 'i', incarnation, 't', log)
return 'OK'
