--[[
  Takes a partition over: appends a claim with a new epoch to its log, in one write command.

  Guarantee: of all claims ever made, the one with the highest epoch is the last entry that a claim wrote; whoever holds
  an older epoch can't write any more (commit-1, put-2). An epoch is the server's time in ms, and at least one more than
  the last: a number that was used on a timeline lost in a failover isn't used again.

  KEYS[1]  the partition's log, a stream with ids <next offset>-<epoch>
  ARGV[1]  offset at which a partition without state begins, or '' to refuse creating one
  ARGV[2]  who claims: shown to people, used by nobody
  ARGV[3]  identity of the event log

  Returns  {'OK', next, epoch, incarnation, '1' when it was created, else '0'}
           {'NOSTATE'}            nothing is there and ARGV[1] was ''
           {'OTHERLOG', stored}   the state belongs to another event log
           {'EMPTYLOG'}           somebody emptied the stream by hand: where it ended isn't known
]]
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

if not last then
  if redis.call('EXISTS', KEYS[1]) == 1 then return {'EMPTYLOG'} end
  if ARGV[1] == '' then return {'NOSTATE'} end
  local epoch = string.format('%.0f', now)
  redis.call('XADD', KEYS[1], ARGV[1] .. '-' .. epoch, 'k', 'claim', 'o', ARGV[2], 'i', epoch, 't', ARGV[3])
  return {'OK', ARGV[1], epoch, epoch, '1'}
end

local next, lastEpoch = string.match(last[1], '^(%d+)-(%d+)$')
local incarnation, log
local fields = last[2]
for i = 1, #fields, 2 do
  if fields[i] == 'i' then incarnation = fields[i + 1] end
  if fields[i] == 't' then log = fields[i + 1] end
end
if log ~= ARGV[3] then return {'OTHERLOG', log or ''} end

local epoch = string.format('%.0f', math.max(tonumber(lastEpoch) + 1, now))
redis.call('XADD', KEYS[1], next .. '-' .. epoch, 'k', 'claim', 'o', ARGV[2], 'i', incarnation, 't', log)
return {'OK', next, epoch, incarnation, '0'}
